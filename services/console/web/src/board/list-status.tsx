import type { ReactNode } from "react";
import type { BoardList } from "./board-store.ts";
import { countOf } from "./words.ts";

type ListStatusProps = {
  readonly list: BoardList;
  /** The last command that succeeded. */
  readonly done: string | undefined;
  readonly onShow: () => void;
  /** The commands for the selected rows. They are here because rows would move if they had a place of their own. */
  readonly children: ReactNode;
};

/** Says how many rows the board has, and offers the changes that wait. Its height never changes, so no row moves. */
export function ListStatus({ list, done, onShow, children }: ListStatusProps) {
  const { shown, total, waiting, isComplete } = list;
  return (
    <div className="list-status">
      <span>
        {isComplete
          ? countOf(total, "case")
          : shown.length === 0
            ? "Loading"
            : `${shown.length.toLocaleString("en-CA")} of ${countOf(total, "case")}`}
      </span>
      {waiting > 0 && (
        <button type="button" className="waiting" onClick={onShow} aria-keyshortcuts="n">
          <span aria-hidden="true">▲</span> {countOf(waiting, "change")} – press <kbd>n</kbd>
        </button>
      )}
      {children}
      <span role="status" className="muted">
        {done}
      </span>
    </div>
  );
}
