import type { ClockOfLine } from "../history.ts";
import type { CaseFile, Firing } from "./case-file.ts";
import type { ExcusedFinding, Finding } from "./findings.ts";
import type { Knowledge } from "./knowledge.ts";
import { type Losses, nameOfLost } from "./losses.ts";
import { type Span, closingSpans, isAnswer, isInquiry, solutionStates } from "./solved.ts";

type ClosingVerdict = {
  readonly findings: Finding[];
  readonly excused: ExcusedFinding[];
  /** The number of automatic closings of the case: 1 or 0. */
  readonly closings: number;
  /** The number of breaches of the automatic closing that had no effect, because an inquiry or an answer came before them. */
  readonly races: number;
};

/** The timer's possible knowledge of the case, and the records that the services lost. */
type ServiceKnowledge = { readonly timer: Knowledge; readonly losses: Losses };

/**
 * Checks that a resolved case closed automatically after its whole time, and never during an inquiry without an answer.
 */
export function checkClosings(
  file: CaseFile,
  clocks: readonly ClockOfLine[],
  dueBefore: number,
  { timer, losses }: ServiceKnowledge,
): ClosingVerdict {
  const { caseId, events, firings } = file;
  const clock = clocks.find(({ kind }) => kind === "confirmation");
  const verdict: ClosingVerdict & { closings: number; races: number } = {
    findings: [],
    excused: [],
    closings: 0,
    races: 0,
  };
  if (clock === undefined) return verdict;
  const { findings, excused } = verdict;
  let isWaiting = false;
  for (const [event, before] of solutionStates(events)) {
    if (before !== "resolved" || isAnswer(event)) isWaiting = false;
    else if (isInquiry(event)) isWaiting = true;
    if (event.reason === "confirmation-lapsed" && isWaiting)
      findings.push({
        kind: "wrong-closing",
        caseId,
        what: "closed automatically during an inquiry without an answer",
      });
  }
  for (const span of closingSpans(events)) {
    const { startedAt, stop } = span;
    const dueAt = startedAt + clock.targetMs;
    const breach = firings.find((one) => one.clock === clock.name && one.threshold === 100 && one.dueAt === dueAt);
    if (stop?.reason === "confirmation-lapsed") {
      verdict.closings++;
      const what = `closed automatically ${dueAt - stop.time} ms before its time`;
      if (stop.time <= dueAt) findings.push({ kind: "wrong-closing", caseId, what });
    } else if (stop === undefined && dueAt < dueBefore) {
      const finding = {
        kind: "lost-closing",
        caseId,
        what: `was to close at ${new Date(dueAt).toISOString()}`,
      } as const;
      const lost = excuseOfClosing(span, breach, { timer, losses });
      if (lost === undefined) findings.push(finding);
      else excused.push({ ...finding, lost });
    } else if (breach !== undefined) verdict.races++;
  }
  return verdict;
}

/**
 * Returns the lost record that explains a missing closing. The timer may have lost the event that started the clock, or
 * intake may have lost the breach.
 */
function excuseOfClosing(
  { startedAt }: Span,
  breach: Firing | undefined,
  { timer, losses }: ServiceKnowledge,
): string | undefined {
  if (breach === undefined) {
    const isKnown = closingSpans(timer.events).some((span) => span.startedAt === startedAt);
    return isKnown || timer.lost === "" ? undefined : timer.lost;
  }
  return losses.isLost("intake", breach.place) ? nameOfLost("intake", "clock.breached", breach.place) : undefined;
}
