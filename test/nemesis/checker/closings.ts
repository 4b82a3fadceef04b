import type { ClockOfLine } from "../history.ts";
import type { CaseFile } from "./case-file.ts";
import type { Finding } from "./findings.ts";
import { closingSpans, isAnswer, isInquiry, standings } from "./solved.ts";

export type Closed = {
  readonly findings: Finding[];
  /** The case closed by itself: 1 or 0. */
  readonly closings: number;
  /** Breaches of the automatic closing that came to nothing, since the customer had asked or been answered. */
  readonly races: number;
};

/** A resolved case closes by itself when its whole time has passed, and never while the customer waits for an answer. */
export function judgeClosings(file: CaseFile, clocks: readonly ClockOfLine[], dueBefore: number): Closed {
  const { caseId, facts, firings } = file;
  const clock = clocks.find(({ kind }) => kind === "confirmation");
  if (clock === undefined) return { findings: [], closings: 0, races: 0 };
  const findings: Finding[] = [];
  let isWaiting = false;
  for (const [fact, before] of standings(facts)) {
    if (before !== "resolved" || isAnswer(fact)) isWaiting = false;
    else if (isInquiry(fact)) isWaiting = true;
    if (fact.reason === "confirmation-lapsed" && isWaiting)
      findings.push({ kind: "wrong-closing", caseId, what: "closed by itself over an inquiry without an answer" });
  }
  let closings = 0;
  let races = 0;
  for (const { startedAt, stop } of closingSpans(facts)) {
    const dueAt = startedAt + clock.targetMs;
    const hasBreached = firings.some((one) => one.clock === clock.name && one.threshold === 100 && one.dueAt === dueAt);
    if (stop?.reason === "confirmation-lapsed") {
      closings++;
      const what = `closed by itself ${dueAt - stop.time} ms before its time`;
      if (stop.time <= dueAt) findings.push({ kind: "wrong-closing", caseId, what });
    } else if (stop === undefined && dueAt < dueBefore)
      findings.push({ kind: "lost-closing", caseId, what: `was to close at ${new Date(dueAt).toISOString()}` });
    else if (hasBreached) races++;
  }
  return { findings, closings, races };
}
