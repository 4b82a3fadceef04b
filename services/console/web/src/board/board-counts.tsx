import type { BoardPage } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { use } from "react";
import { queryOf, read } from "../api/send.ts";
import { durationText } from "../time/format.ts";
import { type BoardSearch, boardParameters, phases } from "./search.ts";
import { BoardNow } from "./time-left.tsx";
import type { BoardScope } from "./use-board.ts";
import { phaseText } from "./words.ts";

/** Shows how many rows of the board each phase has, as links that filter, and the age of the oldest case. */
export function BoardCounts({ search, scope }: { readonly search: BoardSearch; readonly scope: BoardScope }) {
  const now = use(BoardNow);
  // The counts ignore the chosen phases, so that a person sees what the other phases have.
  const { phase: chosen, sort: _, ...rest } = search;
  const { data } = useQuery({
    queryKey: ["board-counts", scope, rest],
    queryFn: ({ signal }) =>
      read<BoardPage>(`/v1/board${queryOf({ ...boardParameters(rest), scope, sort: "opened", limit: 1 })}`, signal),
  });
  const counts = data?.counts.phase ?? {};
  const oldest = data?.items[0];
  const isOnly = (name: string): boolean => chosen?.length === 1 && chosen[0] === name;
  return (
    <ul className="board-counts" aria-label="Cases by phase">
      <li>
        <Link to="/app/board" search={rest} aria-current={chosen === undefined ? "true" : undefined}>
          all <strong>{data?.total.toLocaleString("en-CA") ?? "…"}</strong>
        </Link>
      </li>
      {phases
        .filter((name) => (counts[name] ?? 0) > 0 || isOnly(name))
        .map((name) => (
          <li key={name}>
            <Link
              to="/app/board"
              search={{ ...search, phase: [name] }}
              aria-current={isOnly(name) ? "true" : undefined}
            >
              {phaseText[name]} <strong>{(counts[name] ?? 0).toLocaleString("en-CA")}</strong>
            </Link>
          </li>
        ))}
      {oldest !== undefined && (
        <li className="muted">oldest case {durationText(Math.max(0, now - Date.parse(oldest.openedAt)))}</li>
      )}
    </ul>
  );
}
