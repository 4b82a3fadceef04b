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
        {rowsOf(linkedCases).map(({ shown, linkedAt, offeredAt, outcome }) => (
          <li key={shown.caseId} data-row={shown.caseId}>
            <p>
              <CaseLink id={shown.caseId} title={shown.title} number={shown.carrierCaseId} />{" "}
              <Outcome outcome={outcome} />
            </p>
            <div className="actions">
              <span className="muted">
                {shown.status !== undefined && statusText(shown.status)}
                {linkedAt !== undefined && (
                  <>
                    {" "}
                    · linked <Instant at={linkedAt} now={now} />
                  </>
                )}
                {offeredAt !== undefined && (
                  <>
                    {" "}
                    · got the workaround <Instant at={offeredAt} now={now} />
                  </>
                )}
              </span>
              {mayAct && linkedAt !== undefined && (
                <FormCommands
                  label={`Commands of ${shown.carrierCaseId ?? shown.caseId}`}
                  commands={[unlink(problem, shown.caseId)]}
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

type ProblemCase = ProblemDetail["linkedCases"][number];
type CaseRow = {
  readonly shown: ProblemCase;
  readonly linkedAt?: string;
  readonly offeredAt?: string;
  readonly outcome?: ProblemCase["outcome"];
};

/** Returns one row for each case. The API lists a case twice if it is linked and got the workaround. */
function rowsOf(cases: readonly ProblemCase[]): readonly CaseRow[] {
  const rows = new Map<string, CaseRow>();
  for (const shown of cases) {
    const { caseId, role, at, outcome } = shown;
    const row = rows.get(caseId) ?? { shown };
    rows.set(caseId, {
      ...row,
      ...(role === "linked" ? { linkedAt: at } : { offeredAt: at }),
      ...(outcome !== undefined && { outcome }),
    });
  }
  return [...rows.values()];
}

type OutcomeProps = { readonly outcome: ProblemCase["outcome"] };

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
