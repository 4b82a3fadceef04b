import type { ClockKind } from "@crossline/contracts";
import { type CaseChange, type FailedAnswer, isFinal } from "./case-change.ts";
import { isAnswer } from "./acting-side.ts";
import { type AuditedClock, countedMax, pauseCounting, recount } from "./audited-clock.ts";
import { hoursOf, obligationOf } from "./audited-line.ts";
import { targetOf } from "./obligation.ts";
import { incarnationOf } from "./start-clocks.ts";

const answersMax = 20;
/** The kinds of obligations that an answer meets. An answer also ends other clocks, which a failed message does not resume. */
const answeredKinds: readonly ClockKind[] = ["first-response", "next-update", "reply"];

/** Returns the outbound message that this event answers with, or undefined if the answer is no message. */
function messageOf({ event }: CaseChange): string | undefined {
  return event.type === "case.contacted" ? event.data.messageId : undefined;
}

/**
 * Stores the clocks that an answer in a message ended. An answer that is no message cannot fail, and a merged case owes nothing. Both
 * remove all stored answers.
 */
export function storeAnswer(change: CaseChange, ended: readonly AuditedClock[]): void {
  const { event, after, line } = change;
  const isAnswered = isAnswer(event);
  const messageId = messageOf(change);
  const isMergedAway = after.mergedAway === true;
  if (isMergedAway || (isAnswered && messageId === undefined)) delete after.answers;
  if (isMergedAway || !isAnswered || messageId === undefined) return;
  const clocks = ended.filter(({ kind }) => answeredKinds.includes(kind));
  for (const clock of clocks) pauseCounting(clock, event.time, hoursOf(line, clock));
  after.answers = [...(after.answers ?? []), { messageId, incarnation: incarnationOf(event), clocks }].slice(
    -answersMax,
  );
}

/**
 * Returns the answer of a failed message, and removes it from the case. If a later message has answered the customer, the later answer
 * takes over the clocks, and the result has none. Returns undefined for any other event.
 */
export function takeFailedAnswer(change: Omit<CaseChange, "failed">): FailedAnswer | undefined {
  const { event, after, line } = change;
  if (event.type !== "message.failed" || !event.data.wasSent) return undefined;
  const { messageId } = event.data;
  const answers = after.answers ?? [];
  const failed = answers.find((answer) => answer.messageId === messageId);
  if (failed === undefined) return undefined;
  const { incarnation } = failed;
  const isItsConfirmation = (clock: AuditedClock) => clock.kind === "confirmation" && clock.incarnation === incarnation;
  const answered = { incarnation, hasConfirmation: after.meters.some(isItsConfirmation) };
  const heir = answers[answers.indexOf(failed) + 1];
  after.answers = answers
    .filter((answer) => answer !== failed)
    .map((answer) => (answer === heir ? { ...heir, clocks: [...failed.clocks, ...heir.clocks] } : answer));
  if (after.answers.length === 0) delete after.answers;
  if (heir !== undefined) return { ...answered, owed: [] };
  const owed = failed.clocks
    .filter((clock) => obligationOf(line, clock)?.kind === clock.kind)
    // A case with a final end owes only the reply to a contact.
    .filter(({ kind }) => kind === "reply" || !isFinal(after));
  for (const clock of owed) refresh(change, clock);
  if (owed.some(({ kind }) => kind === "first-response")) delete after.answered;
  if (after.status === "resolved" && owed.some(({ kind }) => kind === "reply")) after.asked = true;
  return { ...answered, owed };
}

/** Applies the present line and severity to a clock that is owed again. */
function refresh({ after, line }: Pick<CaseChange, "after" | "line">, clock: AuditedClock): void {
  const obligation = obligationOf(line, clock);
  if (obligation === undefined) return;
  if (clock.counted.length > countedMax) clock.unsure = true;
  recount(clock, hoursOf(line, clock));
  if (clock.fixed !== true && clock.live !== true) clock.target = targetOf(obligation.targets, after.severity, false);
}
