import type { PresentedRow } from "@crossline/contracts";
import { useEffect, useRef, useState } from "react";
import { Dialog } from "../../ui/dialog.tsx";
import type { BoardList, BoardStore } from "../board-store.ts";
import { type BulkCommand, type BulkResult, runBulk } from "./bulk.ts";

type BulkBarProps = {
  readonly store: BoardStore;
  readonly list: BoardList;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
};

type BulkRun = { readonly command: BulkCommand; readonly total: number; readonly results: readonly BulkResult[] };

/** Claims or releases the selected hand-offs, also those beyond the window, and shows each refusal with its reason. */
export function BulkBar({ store, list, selected, onSelect }: BulkBarProps) {
  const [run, setRun] = useState<BulkRun>();
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  // A selected row can leave the board.
  const rows = [...selected].flatMap((id): PresentedRow[] => {
    const entry = store.entryOf(id);
    return entry === undefined || entry.isGone ? [] : [entry.row];
  });
  const begin = (command: BulkCommand): void => {
    stop.current = new AbortController();
    const results: BulkResult[] = [];
    setRun({ command, total: rows.length, results });
    void runBulk(command, rows, stop.current.signal, (result) => {
      results.push(result);
      setRun({ command, total: rows.length, results: [...results] });
    });
  };
  const close = (): void => {
    stop.current?.abort();
    setRun(undefined);
    onSelect(new Set());
  };
  if (rows.length === 0 && run === undefined) return null;
  return (
    <div className="bulk-bar" role="group" aria-label="Selected hand-offs">
      <strong>{rows.length.toLocaleString("en-CA")} selected</strong>
      {rows.length < list.total && (
        <button
          type="button"
          className="quiet"
          disabled={!list.isComplete}
          onClick={() => onSelect(new Set(store.ids()))}
        >
          Select all {list.total.toLocaleString("en-CA")}
          <span className="hidden"> that pass the filters</span>
        </button>
      )}
      <button type="button" onClick={() => begin("claim")}>
        Claim
      </button>
      <button type="button" onClick={() => begin("release")}>
        Release
      </button>
      <button type="button" className="quiet" onClick={() => onSelect(new Set())}>
        Clear<span className="hidden"> the selection</span>
      </button>
      {run !== undefined && <BulkDialog run={run} onClose={close} />}
    </div>
  );
}

function BulkDialog({ run, onClose }: { readonly run: BulkRun; readonly onClose: () => void }) {
  const { command, total, results } = run;
  const refused = results.filter(({ reason }) => reason !== undefined);
  const isDone = results.length === total;
  const verb = command === "claim" ? "claimed" : "released";
  return (
    <Dialog title={command === "claim" ? "Claim hand-offs" : "Release hand-offs"} onClose={onClose}>
      <progress aria-label="Progress" value={results.length} max={Math.max(1, total)} />
      <p role="status">
        {isDone ? "Done: " : `${results.length} of ${total}: `}
        {results.length - refused.length} {verb}, {refused.length} refused.
      </p>
      {refused.length > 0 && (
        <div className="bulk-results">
          <table>
            <caption className="hidden">Refused hand-offs</caption>
            <thead>
              <tr>
                <th scope="col">Case</th>
                <th scope="col">Reason</th>
              </tr>
            </thead>
            <tbody>
              {refused.map(({ id, number, title, reason }) => (
                <tr key={id}>
                  <td>
                    <bdi>{title ?? "No title"}</bdi> <span className="number">{number}</span>
                  </td>
                  <td>{reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className="actions">
        <button type="button" className="main" onClick={onClose}>
          {isDone ? "Close" : "Stop"}
        </button>
      </p>
    </Dialog>
  );
}
