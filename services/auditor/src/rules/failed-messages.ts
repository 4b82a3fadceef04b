import { type CaseChange, isFinal } from "./case-change.ts";
import { isAnswer } from "./acting-side.ts";
import { type AuditedClock, countedMax, pauseCounting, recount } from "./audited-clock.ts";
import { hoursOf, obligationOf } from "./audited-line.ts";
import { targetOf } from "./obligation.ts";

/** The clocks that the answer in one outbound message ended. If the message fails, the company owes these obligations again. */
export type MessageAnswer = { readonly messageId: string; readonly clocks: readonly AuditedClock[] };

const answersMax = 20;

/** Returns the outbound message that this event answers with, or undefined if the answer is no message. */
function messageOf({ event }: CaseChange): string | undefined {
  return event.type === "case.contacted" ? event.data.messageId : undefined;
}

/**
 * Stores the clocks that an answer in a message ended. An answer that is no message cannot fail, and the final end of a case owes
 * nothing. Both remove all stored answers.
 */
export function storeAnswer(change: CaseChange, ended: readonly AuditedClock[]): void {
  const { event, after, line } = change;
  const isAnswered = isAnswer(event);
  const messageId = messageOf(change);
  if (isFinal(after) || (isAnswered && messageId === undefined)) delete after.answers;
  if (isFinal(after) || !isAnswered || messageId === undefined) return;
  for (const clock of ended) pauseCounting(clock, event.time, hoursOf(line, clock));
  after.answers = [...(after.answers ?? []), { messageId, clocks: ended }].slice(-answersMax);
}

/**
 * Returns the clocks that a failed message owes again, and removes its answer. If a later message has answered the customer, that
 * answer takes over the clocks, and the result is empty.
 */
export function takeFailedAnswer(change: CaseChange): readonly AuditedClock[] {
  const { event, after, line } = change;
  if (event.type !== "message.failed" || !event.data.wasSent) return [];
  const { messageId } = event.data;
  const answers = after.answers ?? [];
  const failed = answers.find((answer) => answer.messageId === messageId);
  if (failed === undefined) return [];
  const heir = answers[answers.indexOf(failed) + 1];
  after.answers = answers
    .filter((answer) => answer !== failed)
    .map((answer) => (answer === heir ? { ...heir, clocks: [...failed.clocks, ...heir.clocks] } : answer));
  if (after.answers.length === 0) delete after.answers;
  if (heir !== undefined) return [];
  const owed = failed.clocks.filter((clock) => obligationOf(line, clock)?.kind === clock.kind);
  for (const clock of owed) refresh(change, clock);
  if (owed.some(({ kind }) => kind === "first-response")) delete after.answered;
  if (after.status === "resolved" && owed.some(({ kind }) => kind === "reply")) after.asked = true;
  return owed;
}

/** Applies the present line and severity to a clock that is owed again. */
function refresh({ after, line }: CaseChange, clock: AuditedClock): void {
  const obligation = obligationOf(line, clock);
  if (obligation === undefined) return;
  if (clock.counted.length > countedMax) clock.unsure = true;
  recount(clock, hoursOf(line, clock));
  if (clock.fixed !== true && clock.live !== true) clock.target = targetOf(obligation.targets, after.severity, false);
}
