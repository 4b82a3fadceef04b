import type { ReactNode } from "react";
import type { SteadyRow } from "../live/steady-rows.ts";
import { useMe } from "../session/session.tsx";
import { CaseLink } from "../ui/case-link.tsx";
import { chargedWords, clockWords } from "../ui/clock-words.ts";
import { severityShape } from "../board/words.ts";
import { CallOutcome } from "./call-outcome.tsx";
import { Left } from "./left.tsx";
import type { DutyCase } from "./queries.ts";

type UrgentCasesProps = {
  readonly rows: readonly SteadyRow<DutyCase>[];
  /** The instant that a row counts to: the next call, the breach that fired, or the next breach. */
  readonly clockOf: (row: DutyCase) => { readonly clock: string; readonly at: string; readonly charged: string };
  readonly action?: ((row: DutyCase) => ReactNode) | undefined;
};

/** Each outcome is a request, so the screen reads only those of the next calls. */
const outcomesMax = 20;

/** Lists cases with the clock that makes each urgent, whose clock it is, and how long is left. */
export function UrgentCases({ rows, clockOf, action }: UrgentCasesProps) {
  const { party } = useMe();
  return (
    <ol className="duty-rows">
      {rows.map(({ row, isGone }, place) => {
        const { clock, at, charged } = clockOf(row);
        return (
          <li key={row.id} data-row={row.id} className={isGone ? "gone" : undefined}>
            <Left at={at} what={row.resort === undefined ? "" : "next call"} />
            <span className="duty-case">
              <CaseLink id={row.id} title={row.title ?? "No title"} number={row.number} />
              <span className="muted">
                <span aria-hidden="true">{severityShape[row.severity]}</span> {row.severity} · held by{" "}
                {chargedWords(row.holder, party)}
                {row.live !== undefined && " · customer is live"}
              </span>
            </span>
            <span className="duty-clock">
              {row.resort === undefined ? (
                <>
                  {clockWords(clock)} <span className="muted">charged to {chargedWords(charged, party)}</span>
                </>
              ) : (
                <>
                  call {row.resort.call} <span className="muted">of the last resort</span>{" "}
                  {place < outcomesMax && <CallOutcome row={row} />}
                </>
              )}
            </span>
            <span className="duty-action">{isGone ? <span className="chip">no longer here</span> : action?.(row)}</span>
          </li>
        );
      })}
    </ol>
  );
}
