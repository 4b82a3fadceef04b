import type { SteadyRow } from "../live/steady-rows.ts";
import { useMe } from "../session/session.tsx";
import { CaseLink } from "../ui/case-link.tsx";
import { chargedWords } from "../ui/clock-words.ts";
import { Left } from "./left.tsx";
import type { DutyPromise } from "./queries.ts";

type UrgentPromisesProps = { readonly rows: readonly SteadyRow<DutyPromise>[] };

/** Lists promises that are broken or due soon, with the company that made each. */
export function UrgentPromises({ rows }: UrgentPromisesProps) {
  const { party } = useMe();
  return (
    <ol className="duty-rows">
      {rows.map(({ row, isGone }) => (
        <li key={row.id} data-row={row.id} className={isGone ? "gone" : undefined}>
          <Left at={row.until} />
          <span className="duty-case">
            <bdi>{row.text ?? "The text was erased."}</bdi>
            <CaseLink id={row.caseId} number={row.number} />
          </span>
          <span className="duty-clock">
            {row.state === "broken" ? "broken" : "open"}{" "}
            <span className="muted">
              promised by {chargedWords(row.promisor, party)}
              {row.for === "need-by" && ", for the need-by"}
            </span>
          </span>
          <span className="duty-action">{isGone && <span className="chip">no longer here</span>}</span>
        </li>
      ))}
    </ol>
  );
}
