import "./board.css";
import { useSearch } from "@tanstack/react-router";
import { useMe } from "../session/session.tsx";
import { useReportStatus } from "../shell/status.ts";
import { useNow } from "../time/now.ts";
import { ProblemNote } from "../ui/problem-note.tsx";
import { RebuildNote } from "../ui/rebuild-note.tsx";
import { BoardArea } from "./board-area.tsx";
import { BoardCounts } from "./board-counts.tsx";
import { BoardFilterBar } from "./board-filters.tsx";
import { SavedViews } from "./saved-views.tsx";
import { boardSearch } from "./search.ts";
import { BoardNow } from "./time-left.tsx";
import { useBoard } from "./use-board.ts";

/** The open cases of a carrier, or the queues of a vendor: the most urgent row first, and live. */
export function BoardScreen() {
  const search = boardSearch(useSearch({ strict: false }));
  const me = useMe();
  const board = useBoard(search);
  useReportStatus(board.stream);
  const now = useNow(search.timeline ?? "wall");
  return (
    <BoardNow value={now}>
      <div className="board">
        <header className="board-top">
          <h1>{me.kind === "vendor" ? "Queue board" : "Board"}</h1>
          <BoardCounts search={search} scope={board.scope} />
          <SavedViews search={search} scope={board.scope} />
        </header>
        <BoardFilterBar search={search} />
        <ProblemNote fault={board.fault} onRetry={board.reload} />
        <RebuildNote asOf={board.asOf} />
        <BoardArea board={board} search={search} />
      </div>
    </BoardNow>
  );
}
