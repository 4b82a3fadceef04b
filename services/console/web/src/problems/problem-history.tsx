import type { ProblemDetail } from "@crossline/contracts";
import { Instant } from "../time/instant.tsx";
import { CaseLink } from "../ui/case-link.tsx";
import { changeWords } from "./words.ts";

type History = ProblemDetail["history"];

/** Shows the changes of a problem, the newest first, with the person and the reason of each. */
export function ProblemHistory({ history, now }: { readonly history: History; readonly now: number }) {
  return (
    <section className="panel" aria-labelledby="history-title">
      <header>
        <h2 id="history-title">History</h2>
      </header>
      <ol className="record-list" reversed>
        {history.toReversed().map((row, place) => (
          <li key={history.length - place}>
            <p>
              <Instant at={row.at} now={now} /> <strong>{changeWords(row)}</strong>{" "}
              {row.caseId !== undefined && <CaseLink id={row.caseId} title="the case" isRow={false} />}
            </p>
            <Words row={row} />
            <p className="muted">
              {row.actor.person === undefined
                ? row.actor.automated
                  ? "Crossline"
                  : row.actor.party
                : row.actor.person}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Words({ row: { reason, rootCause, knownError, change } }: { readonly row: History[number] }) {
  const said = [
    ...(change === "known-error" && knownError !== undefined ? [knownError.workaround] : []),
    ...(change === "root-cause" && rootCause !== undefined ? [rootCause] : []),
    ...(reason === undefined ? [] : [`Reason: ${reason}`]),
  ];
  return said.map((text) => (
    <p key={text} className="record-text" dir="auto">
      {text}
    </p>
  ));
}
