import "../styles/record.css";
import type { PresentedProblem } from "@crossline/contracts";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useLiveReads } from "../live/use-refresh.ts";
import { useMe } from "../session/session.tsx";
import { viewerZone, zoneName } from "../time/format.ts";
import { useNow } from "../time/now.ts";
import { FormCommands } from "../ui/form-commands.tsx";
import { MoreButton } from "../ui/more-button.tsx";
import { Panel } from "../ui/panel.tsx";
import { useRowKeys } from "../ui/use-row-keys.ts";
import { openByHand } from "./open.ts";
import { ProblemTable } from "./problem-table.tsx";
import { problemsKey, problemsQuery } from "./queries.ts";
import { endedStatuses, openStatuses, statusWords } from "./words.ts";

/** Lists the problems of a carrier by their status. In each status, overdue problems are first. */
export function ProblemsScreen() {
  const me = useMe();
  const { timeline = "wall", ended = false } = useSearch({ strict: false });
  const navigate = useNavigate({ from: "/app/problems" });
  const now = useNow(timeline);
  const open = useInfiniteQuery(problemsQuery(timeline, openStatuses));
  const client = useQueryClient();
  useLiveReads(timeline, problemsKey);
  const lists = useRowKeys<HTMLDivElement>();
  const showEnded = (): void =>
    void navigate({
      search: ({ timeline: same }) => ({
        ...(same !== undefined && { timeline: same }),
        ...(!ended && { ended: true as const }),
      }),
    });
  const problems = (open.data?.pages ?? []).flatMap(({ items }) => items);
  return (
    <>
      <div className="screen-head">
        <h1>Problems</h1>
        {me.scopes.includes("cases") && (
          <FormCommands
            label="Commands"
            commands={[openByHand(timeline)]}
            onSent={() => client.invalidateQueries({ queryKey: problemsKey })}
          />
        )}
      </div>
      <p className="muted">Instants are in the zone {zoneName(viewerZone)}.</p>
      <div ref={lists} tabIndex={-1}>
        <Panel
          title="Open problems"
          query={open}
          aside={<span>{open.data === undefined ? "–" : problems.length}</span>}
        >
          {() => (
            <>
              {problems.length === 0 && <p className="empty">No problem is open.</p>}
              {openStatuses.map((status) => (
                <StatusRows key={status} status={status} problems={problems} now={now} />
              ))}
              <MoreButton query={open}>Show older problems</MoreButton>
            </>
          )}
        </Panel>
        <p>
          <button type="button" aria-pressed={ended} onClick={showEnded}>
            Show ended problems
          </button>
        </p>
        {ended && <EndedProblems timeline={timeline} now={now} />}
      </div>
    </>
  );
}

/** Lists the problems that have ended. They are read only if the person wants to see them. */
function EndedProblems({ timeline, now }: { readonly timeline: string; readonly now: number }) {
  const old = useInfiniteQuery(problemsQuery(timeline, endedStatuses));
  return (
    <Panel title="Ended problems" query={old}>
      {({ pages }) => {
        const rows = pages.flatMap(({ items }) => items);
        return (
          <>
            {rows.length === 0 && <p className="empty">No problem has ended.</p>}
            {endedStatuses.map((status) => (
              <StatusRows key={status} status={status} problems={rows} now={now} />
            ))}
            <MoreButton query={old}>Show older ended problems</MoreButton>
          </>
        );
      }}
    </Panel>
  );
}

type StatusRowsProps = {
  readonly status: PresentedProblem["status"];
  readonly problems: readonly PresentedProblem[];
  readonly now: number;
};

function StatusRows({ status, problems, now }: StatusRowsProps) {
  const rows = problems
    .filter((problem) => problem.status === status)
    .toSorted((one, other) => Number(other.overdue) - Number(one.overdue) || dueOf(one) - dueOf(other));
  if (rows.length === 0) return null;
  const words = statusWords(status);
  return (
    <>
      <h3>
        {words} ({rows.length})
      </h3>
      <ProblemTable label={`Table of the problems: ${words}`} problems={rows} now={now} />
    </>
  );
}

/** A problem whose clock does not run is after all others. */
function dueOf({ investigateBy }: PresentedProblem): number {
  return investigateBy === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(investigateBy);
}
