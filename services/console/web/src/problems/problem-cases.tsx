import type { ProblemDetail } from "@crossline/contracts";
import { statusText } from "../case/words.ts";
import { Instant } from "../time/instant.tsx";
import { CaseLink } from "../ui/case-link.tsx";
import { Chip } from "../ui/chip.tsx";
import { FormCommands } from "../ui/form-commands.tsx";
import { useRowKeys } from "../ui/use-row-keys.ts";
import { unlink } from "./commands.ts";

type ProblemCasesProps = {
  readonly problem: ProblemDetail;
  readonly now: number;
  readonly mayAct: boolean;
  readonly onSent: () => Promise<unknown>;
};

/** Lists the cases of a problem: the linked ones, and those that got its workaround. */
export function ProblemCasesPanel({ problem, now, mayAct, onSent }: ProblemCasesProps) {
  const list = useRowKeys<HTMLUListElement>();
  const { linkedCases, counts } = problem;
  const isCut = linkedCases.filter(({ role }) => role === "linked").length < counts.linked;
  return (
    <section className="panel" aria-labelledby="problem-cases-title">
      <header>
        <h2 id="problem-cases-title">Cases</h2>
        <span>{counts.linked} linked</span>
      </header>
      {linkedCases.length === 0 && <p className="empty">No case is linked, and no case got a workaround.</p>}
      <ul className="record-list" ref={list} tabIndex={-1}>
        {linkedCases.map(({ caseId, carrierCaseId, title, status, at, role, outcome }) => (
          <li key={`${role} ${caseId}`} data-row={caseId}>
            <p>
              <CaseLink id={caseId} title={title} number={carrierCaseId} /> <Outcome outcome={outcome} />
            </p>
            <div className="actions">
              <span className="muted">
                {status !== undefined && `${statusText(status)} · `}
                {role === "linked" ? "linked" : "got the workaround"} <Instant at={at} now={now} />
              </span>
              {mayAct && role === "linked" && (
                <FormCommands
                  label={`Commands of ${carrierCaseId ?? caseId}`}
                  commands={[unlink(problem, caseId)]}
                  onSent={onSent}
                  isQuiet
                />
              )}
            </div>
          </li>
        ))}
      </ul>
      {isCut && <p className="muted">These are the newest cases.</p>}
    </section>
  );
}

type OutcomeProps = { readonly outcome: ProblemDetail["linkedCases"][number]["outcome"] };

function Outcome({ outcome }: OutcomeProps) {
  if (outcome === undefined) return null;
  return outcome === "worked" ? (
    <Chip tone="good" sign="✓">
      worked
    </Chip>
  ) : (
    <Chip tone="bad" sign="✕">
      failed
    </Chip>
  );
}
