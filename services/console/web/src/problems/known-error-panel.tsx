import type { ProblemDetail } from "@crossline/contracts";
import { Instant } from "../time/instant.tsx";
import { Term } from "../ui/term.tsx";

/** Shows the known error of a problem with its workaround, and how often the workaround worked. */
export function KnownErrorPanel({ problem, now }: { readonly problem: ProblemDetail; readonly now: number }) {
  const { knownError, counts } = problem;
  return (
    <section className="panel" aria-labelledby="known-error-title">
      <header>
        <h2 id="known-error-title">Known error</h2>
      </header>
      {knownError === undefined ? (
        <p className="empty">No workaround is recorded.</p>
      ) : (
        <>
          <p className="record-text" dir="auto">
            {knownError.workaround}
          </p>
          <p className="muted">
            {knownError.fixCode !== undefined && (
              <>
                Fix code <code>{knownError.fixCode}</code> ·{" "}
              </>
            )}
            since <Instant at={knownError.since} now={now} />
          </p>
          <dl className="record-facts">
            <Term name="Offered to cases">{counts.offered}</Term>
            <Term name="✓ Worked">{counts.worked}</Term>
            <Term name="✕ Failed">{counts.failed}</Term>
          </dl>
        </>
      )}
    </section>
  );
}
