import { useNavigate } from "@tanstack/react-router";
import { useShortcuts } from "../shell/shortcuts.ts";

/** The effects that the shortcuts and the keys of the grid share. */
export type BoardKeys = {
  readonly move: (step: number | "first" | "last") => void;
  readonly open: () => void;
  readonly escape: () => void;
};

/** The shortcuts of the list. A person can switch single keys off; the keys of the grid then still work. */
export function useBoardKeys(
  keys: BoardKeys & { readonly showWaiting: () => void; readonly select: (() => unknown) | undefined },
) {
  const { move, open, escape, showWaiting, select } = keys;
  useShortcuts([
    { keys: "j", text: "Next row", run: () => move(1) },
    { keys: "k", text: "Previous row", run: () => move(-1) },
    { keys: "Enter", text: "Open the case", run: open },
    { keys: "n", text: "Show the changes that wait", run: showWaiting },
    { keys: "Escape", text: "Close the brief", run: escape },
    ...(select === undefined ? [] : [{ keys: "x", text: "Select the row", run: select }]),
  ]);
}

/** Returns the effect of a key inside the grid. */
export function gridKeys(given: BoardKeys & { readonly show: () => void; readonly event: React.KeyboardEvent }) {
  const { move, open, escape, show, event } = given;
  const isRow = (event.target as HTMLElement).closest("a, input") === null;
  const effects: Readonly<Record<string, (() => void) | undefined>> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    PageDown: () => move(10),
    PageUp: () => move(-10),
    Home: () => move("first"),
    End: () => move("last"),
    Escape: escape,
    ...(isRow && { Enter: open, " ": show }),
  };
  return effects[event.key];
}

/** Returns a function that opens the screen of a case. */
export function useOpenCase(timeline: string | undefined): (id: string | undefined) => void {
  const navigate = useNavigate();
  return (id) => {
    if (id === undefined) return;
    const search = timeline === undefined ? {} : { timeline };
    void navigate({ to: "/app/cases/$caseId", params: { caseId: id }, search });
  };
}
