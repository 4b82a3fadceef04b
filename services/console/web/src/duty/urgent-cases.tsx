import type { ReactNode } from "react";
import type { SteadyRow } from "../live/steady-rows.ts";
import { useMe } from "../session/session.tsx";
import { completeText, countdownText, viewerZone } from "../time/format.ts";
import { CaseLink } from "../ui/case-link.tsx";
import { chargedWords, clockWords } from "../ui/clock-words.ts";
import type { DutyCase } from "./queries.ts";

type UrgentCasesProps = {
  readonly rows: readonly SteadyRow<DutyCase>[];
  readonly now: number;
  /** The instant that a row counts to: the next call, the breach that fired, or the next breach. */
  readonly clockOf: (row: DutyCase) => { readonly clock: string; readonly at: string; readonly charged: string };
  readonly action?: ((row: DutyCase) => ReactNode) | undefined;
};

/** Lists cases with the clock that makes each urgent, whose clock it is, and how long is left. */
export function UrgentCases({ rows, now, clockOf, action }: UrgentCasesProps) {
  const { party } = useMe();
  return (
    <ol className="duty-rows">
      {rows.map(({ row, isGone }) => {
        const { clock, at, charged } = clockOf(row);
        return (
          <li key={row.id} data-row={row.id} className={isGone ? "gone" : undefined}>
            <Left at={at} now={now} what={row.resort === undefined ? "" : "next call"} />
            <span className="duty-case">
              <CaseLink id={row.id} title={row.title ?? "No title"} number={row.number} />
              <span className="muted">
                {row.severity} · held by {chargedWords(row.holder, party)}
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
                  call {row.resort.call} <span className="muted">of the last resort</span>
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

type LeftProps = { readonly at: string; readonly now: number; readonly what?: string };

/** Shows how long is left until something, or how late it is, with a sign and a word besides the colour. */
export function Left({ at, now, what = "" }: LeftProps) {
  const left = Date.parse(at) - now;
  return (
    <time className={left < 0 ? "duty-left bad" : "duty-left"} dateTime={at} title={completeText(at, viewerZone)}>
      {what} {left < 0 ? `✕ ${countdownText(-left)} late` : `in ${countdownText(left)}`}
    </time>
  );
}
