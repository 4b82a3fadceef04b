import { type RefObject, useRef, useState } from "react";
import { useShortcuts } from "../shell/shortcuts.ts";
import type { BoardList } from "./board-store.ts";
import { type DeskIntent, deskShortcuts } from "./desk/desk-pane.tsx";
import { type ActiveRow, useActive } from "./use-active.ts";
import type { Board } from "./use-board.ts";
import { gridKeys, useBoardKeys, useOpenCase } from "./use-board-keys.ts";

/** The state of the list: its active row, its selection, and the pane of the chosen hand-off. */
export type BoardArea = {
  readonly active: ActiveRow;
  readonly selected: ReadonlySet<string>;
  readonly select: (ids: ReadonlySet<string>) => void;
  readonly pane: { readonly id: string; readonly intent?: DeskIntent | undefined } | undefined;
  readonly closePane: () => void;
  readonly pick: (id: string, how: "activate" | "select") => void;
  readonly onKey: (event: React.KeyboardEvent) => void;
  readonly showWaiting: () => void;
  readonly grid: RefObject<HTMLDivElement | null>;
};

/** Keeps the state of the list, and makes its keys work. */
export function useBoardArea(
  { store, scope, canAct }: Board,
  list: BoardList,
  timeline: string | undefined,
): BoardArea {
  const active = useActive(list.shown);
  const [selected, select] = useState<ReadonlySet<string>>(new Set());
  const [pane, setPane] = useState<BoardArea["pane"]>();
  const grid = useRef<HTMLDivElement>(null);
  const isDesk = scope === "handoffs";
  const openCase = useOpenCase(timeline);
  const choose = (id: string | undefined, intent?: DeskIntent): void => {
    // A second click on the row keeps the texts of its form.
    if (id !== undefined && isDesk && (id !== pane?.id || intent !== undefined)) setPane({ id, intent });
  };
  const toggle = (id: string | undefined): void => {
    if (id !== undefined && canAct) select(selected.symmetricDifference(new Set([id])));
  };
  const move = (step: number | "first" | "last"): void => {
    const id = active.move(step);
    if (pane !== undefined) choose(id);
  };
  const focusList = (): void => {
    requestAnimationFrame(() => {
      // A board without rows has no list.
      const target = grid.current ?? document.querySelector<HTMLElement>("#main");
      (target?.querySelector<HTMLElement>(".board-row.active") ?? target)?.focus();
    });
  };
  const closePane = (): void => {
    setPane(undefined);
    focusList();
  };
  const escape = (): void => (pane === undefined ? select(new Set()) : closePane());
  const showWaiting = (): void => {
    store.showWaiting();
    // The button, or the row with the focus, can be gone.
    requestAnimationFrame(() => document.activeElement === document.body && focusList());
  };
  const keys = { move, open: () => openCase(active.id), escape };
  useBoardKeys({ ...keys, showWaiting, select: canAct ? () => toggle(active.id) : undefined });
  useShortcuts(canAct && pane === undefined ? deskShortcuts((intent) => choose(active.id, intent)) : []);
  const onKey = (event: React.KeyboardEvent): void => {
    const run = gridKeys({ ...keys, show: () => choose(active.id), event });
    if (run === undefined) return;
    event.preventDefault();
    run();
  };
  const pick: BoardArea["pick"] = (id, how) => {
    active.set(id);
    if (how === "select") toggle(id);
    else choose(id);
  };
  return { active, selected, select, pane, closePane, pick, onKey, showWaiting, grid };
}
