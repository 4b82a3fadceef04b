import type { PresentedRow } from "@crossline/contracts";
import { useEffect, useRef } from "react";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { type DeskAction, deskActions } from "./actions.ts";
import { HandoffPane } from "./handoff-pane.tsx";
import { type DeskCalls, useDesk } from "./use-desk.ts";

/** The command with which a key opened the pane. */
export type DeskIntent = DeskAction | "claim";

type DeskPaneProps = {
  readonly row: PresentedRow;
  readonly intent: DeskIntent | undefined;
  readonly calls: DeskCalls;
};

/** The keys of a desk, which work on the chosen row with or without the pane. */
export function deskShortcuts(run: (intent: DeskIntent) => void) {
  const forms = Object.entries(deskActions).flatMap(([action, { key, text }]) =>
    key === undefined ? [] : [{ keys: key, text, run: () => run(action as DeskAction) }],
  );
  return [{ keys: "c", text: "Claim", run: () => run("claim") }, ...forms];
}

/** The pane of one hand-off with its commands and its keys. */
export function DeskPane({ row, intent, calls }: DeskPaneProps) {
  const { desk, handoff } = useDesk(row, calls);
  const run = (wanted: DeskIntent): void => (wanted === "claim" ? desk.claim() : desk.begin(wanted));
  const isDone = useRef(false);
  useEffect(() => {
    // The phase decides whether a form needs a claim first, so the pane waits for the hand-off.
    if (intent === undefined || handoff === undefined || isDone.current) return;
    isDone.current = true;
    run(intent);
  });
  useShortcuts(deskShortcuts(run));
  return <HandoffPane row={row} handoff={handoff} desk={desk} />;
}
