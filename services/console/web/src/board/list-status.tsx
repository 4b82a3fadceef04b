import type { BoardList } from "./board-store.ts";
import { countOf } from "./words.ts";

type ListStatusProps = {
  readonly list: BoardList;
  /** The last command that succeeded. */
  readonly done: string | undefined;
  readonly onShow: () => void;
};

/** Says how many rows the board has, and offers the changes that wait. Its height never changes, so no row moves. */
export function ListStatus({ list, done, onShow }: ListStatusProps) {
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
      <span role="status" className="muted">
        {done}
      </span>
    </div>
  );
}
