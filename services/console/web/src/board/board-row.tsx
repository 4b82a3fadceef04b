import type { PresentedRow } from "@crossline/contracts";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { BoardEntry } from "./board-rows.ts";
import type { BoardStore } from "./board-store.ts";
import { Lease, OnPhone, TimeLeft } from "./time-left.tsx";
import { useEntry } from "./use-board.ts";
import { phaseText, severityShape } from "./words.ts";

type CellsProps = {
  readonly entry: BoardEntry;
  /** The company of the person. */
  readonly own: string;
  readonly timeline: string | undefined;
  /** Undefined if rows of this board cannot be selected. */
  readonly isSelected: boolean | undefined;
  /** Keeps its identity, so that a move renders no cell again. */
  readonly onPick: (id: string, how: "activate" | "select") => void;
};

type BoardRowProps = Omit<CellsProps, "entry"> & {
  readonly store: BoardStore;
  readonly id: string;
  readonly index: number;
  readonly top: number;
  readonly measure: (row: HTMLElement | null) => void;
  readonly isActive: boolean;
};

/** One row of the board. At a small window, CSS shows it as a card. */
export const BoardRow = memo(function BoardRow(props: BoardRowProps) {
  const { store, id, index, top, measure, own, timeline, isActive, isSelected, onPick } = props;
  const entry = useEntry(store, id);
  if (entry === undefined) return null;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid handles the keys of its rows
    <div
      ref={measure}
      role="row"
      data-index={index}
      data-id={id}
      aria-rowindex={index + 2}
      aria-selected={isSelected ?? isActive}
      tabIndex={isActive ? 0 : -1}
      className={`board-row${isActive ? " active" : ""}${entry.isGone ? " gone" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onPick(id, "activate")}
    >
      <Cells entry={entry} own={own} timeline={timeline} isSelected={isSelected} onPick={onPick} />
    </div>
  );
});

/** The cells of a row. A change of another row moves this row, but renders none of its cells again. */
const Cells = memo(function Cells({ entry, own, timeline, isSelected, onPick }: CellsProps) {
  const { row, isGone, isOld = false } = entry;
  const { id } = row;
  return (
    <>
      {isSelected !== undefined && (
        <span role="gridcell" className="cell-select">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select ${row.number}`}
            checked={isSelected}
            onChange={() => onPick(id, "select")}
            onClick={(event) => event.stopPropagation()}
          />
        </span>
      )}
      <span role="gridcell" className="cell-left">
        {isGone ? <strong>gone</strong> : <TimeLeft row={row} own={own} />}
      </span>
      <span role="gridcell" className={`cell-severity ${row.severity}`}>
        <span aria-hidden="true">{severityShape[row.severity]}</span> {row.severity}
      </span>
      <span role="gridcell" className="cell-case">
        <Link
          to="/app/cases/$caseId"
          params={{ caseId: id }}
          search={timeline === undefined ? {} : { timeline }}
          tabIndex={-1}
        >
          <bdi>{row.title ?? "No title"}</bdi>
        </Link>{" "}
        <span className="number">{row.number}</span>
        {row.model !== undefined && <span className="muted"> · {row.model}</span>}
      </span>
      <WorkCells row={row} own={own} isOld={isOld} />
    </>
  );
});

type WorkCellsProps = { readonly row: PresentedRow; readonly own: string; readonly isOld: boolean };

function WorkCells({ row, own, isOld }: WorkCellsProps) {
  const { carrier, holder, live, phase, queue, person, leaseUntil, resort, pool } = row;
  const hasLease = (phase === "claimed" || phase === "question") && leaseUntil !== undefined;
  return (
    <>
      <span role="gridcell" className="cell-from">
        <span className="card-label">{own === carrier ? "held by" : "from"} </span>
        {own === carrier ? holder : carrier}
      </span>
      <span role="gridcell" className={live === undefined ? "cell-phone blank" : "cell-phone"}>
        <OnPhone live={live} />
      </span>
      <span role="gridcell" className="cell-phase">
        {isOld ? "updating" : phaseText[phase]}
        {queue !== undefined && <span className="muted"> · {queue}</span>}
        {pool !== undefined && <span className="muted"> · pool {pool}</span>}
        {resort !== undefined && (
          <span className="chip bad">
            <span aria-hidden="true">☎</span> last resort, call {resort.call}
          </span>
        )}
      </span>
      <span role="gridcell" className={person === undefined && !hasLease ? "cell-who blank" : "cell-who"}>
        {person ?? <span className="muted">–</span>}
        {hasLease && (
          <>
            {" "}
            <Lease until={leaseUntil} />
          </>
        )}
      </span>
    </>
  );
}
