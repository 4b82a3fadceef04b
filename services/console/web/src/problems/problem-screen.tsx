import "../styles/record.css";
import type { ProblemDetail } from "@crossline/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useLiveReads } from "../live/use-refresh.ts";
import { useMe } from "../session/session.tsx";
import { viewerZone, zoneName } from "../time/format.ts";
import { Instant } from "../time/instant.tsx";
import { useNow } from "../time/now.ts";
import { CaseLink } from "../ui/case-link.tsx";
import { Chip } from "../ui/chip.tsx";
import { Deadline } from "../ui/deadline.tsx";
import { FormCommands } from "../ui/form-commands.tsx";
import { RecordScreen } from "../ui/record-screen.tsx";
import { Term } from "../ui/term.tsx";
import { problemCommands } from "./commands.ts";
import { KnownErrorPanel } from "./known-error-panel.tsx";
import { ProblemCasesPanel } from "./problem-cases.tsx";
import { ProblemHistory } from "./problem-history.tsx";
import { OverdueChip } from "./problem-table.tsx";
import { problemQuery, problemsKey } from "./queries.ts";
import { scopeWords, sourceWords, statusWords } from "./words.ts";

/** One problem: its status, its owner, the known error with its counts, its cases and its history. */
export function ProblemScreen() {
  const { problemId = "" } = useParams({ strict: false });
  const query = useQuery(problemQuery(problemId));
  return (
    <RecordScreen
      query={query}
      unknown="You have no problem with this id"
      list={["/app/problems", "Open the problems"]}
    >
      {(problem) => <OneProblem key={problem.id} problem={problem} />}
    </RecordScreen>
  );
}

function OneProblem({ problem }: { readonly problem: ProblemDetail }) {
  const me = useMe();
  const now = useNow(problem.timeline);
  const client = useQueryClient();
  useLiveReads(problem.timeline, problemsKey);
  const mayAct = me.scopes.includes("cases");
  const onSent = (): Promise<unknown> => client.invalidateQueries({ queryKey: problemsKey });
  return (
    <>
      <header className="record-head">
        <h1>
          <bdi>{problem.title}</bdi>
        </h1>
        <p className="chips">
          <Chip>{statusWords(problem.status)}</Chip>
          {problem.overdue && <OverdueChip />}
          <span className="muted">{scopeWords(problem)}</span>
        </p>
        {mayAct && <FormCommands label="Commands of the problem" commands={problemCommands(problem)} onSent={onSent} />}
        <Facts problem={problem} now={now} />
      </header>
      <div className="record-columns">
        <div>
          <KnownErrorPanel problem={problem} now={now} />
          <ProblemCasesPanel problem={problem} now={now} mayAct={mayAct} onSent={onSent} />
        </div>
        <div>
          <ProblemHistory history={problem.history} now={now} />
        </div>
      </div>
    </>
  );
}

function Facts({ problem, now }: { readonly problem: ProblemDetail; readonly now: number }) {
  const { owner, investigateBy, openedAt, source, caseId, cases, rootCause } = problem;
  return (
    <>
      <dl className="record-facts">
        <Term name="Owner">{owner ?? <span className="muted">no owner</span>}</Term>
        <Term name="Investigate by">
          {investigateBy === undefined ? (
            <span className="muted">the clock rests</span>
          ) : (
            <Deadline at={investigateBy} now={now} />
          )}
        </Term>
        <Term name="Opened">
          <Instant at={openedAt} now={now} />, because {sourceWords(source)}
        </Term>
        <Term name="First cases">
          {cases} {caseId !== undefined && <CaseLink id={caseId} title="the case that opened it" isRow={false} />}
        </Term>
        {rootCause !== undefined && (
          <Term name="Root cause">
            <bdi>{rootCause}</bdi>
          </Term>
        )}
      </dl>
      <p className="muted">Instants are in the zone {zoneName(viewerZone)}.</p>
    </>
  );
}
