import { useState } from "react";
import type { BoardStore } from "../board-store.ts";
import { useEntry } from "../use-board.ts";
import { type DeskIntent, DeskPane } from "./desk-pane.tsx";
import { handoffOf } from "./use-handoff.ts";
import type { DeskCalls } from "./use-desk.ts";

type PaneOfProps = {
  readonly store: BoardStore;
  readonly id: string;
  readonly intent: DeskIntent | undefined;
  readonly calls: DeskCalls;
};

/** The pane of a row. It stays when the row leaves the board, because its person may be writing. */
export function PaneOf({ store, id, intent, calls }: PaneOfProps) {
  const entry = useEntry(store, id);
  const [last, setLast] = useState(entry?.row);
  const row = entry?.row ?? last;
  if (row !== last) setLast(row);
  if (row === undefined || handoffOf(row) === undefined) return null;
  return <DeskPane row={row} intent={intent} calls={calls} />;
}
