import type { ClockKind } from "@crossline/contracts";
import { isAnswer } from "../case/act.ts";
import type { ClockRule } from "../line/line.ts";
import { type ClockChange, isFinalEnd, isMergedAway, startOf } from "./change.ts";
import type { CaseClocks, Clock } from "./clock.ts";
import { cutCounting } from "./counting.ts";
import { kindRules } from "./kinds/all.ts";
import { resumeClock } from "./pause.ts";

const answersMax = 20;

/** The kinds of obligations that an answer meets. An answer also ends other clocks, which a failed message does not resume. */
const answeredKinds: ReadonlySet<ClockKind> = new Set(["first-response", "next-update", "reply"]);

/**
 * Keeps the clocks that an answer met, until it is certain that the customer has an answer. An answer that is no message cannot
 * fail, so it settles all earlier answers.
 */
export function keepAnswers(state: CaseClocks, change: ClockChange, met: readonly Clock[]): CaseClocks {
  const { event } = change;
  const { answers, ...rest } = state;
  if (isMergedAway(event)) return answers === undefined ? state : rest;
  if (!isAnswer(event)) return state;
  const messageId = event.type === "case.contacted" ? event.data.messageId : undefined;
  if (messageId === undefined) return answers === undefined ? state : rest;
  const clocks = met.filter(({ kind }) => answeredKinds.has(kind)).map((clock) => cutCounting(clock, event.time));
  return { ...rest, answers: [...(answers ?? []), { messageId, start: startOf(event), clocks }].slice(-answersMax) };
}

/**
 * Returns the clocks that run again after a sent message failed, and the state. Each clock is a new incarnation that keeps its
 * counted time and its warnings, as after a reopening. If a later message has answered the customer, that message takes over the
 * clocks.
 */
export function takeOwedAgain(
  state: CaseClocks,
  change: ClockChange,
): { readonly state: CaseClocks; readonly clocks: readonly Clock[] } {
  const { event, line } = change;
  if (event.type !== "message.failed" || !event.data.wasSent) return { state, clocks: [] };
  const { answers = [], ...rest } = state;
  const index = answers.findIndex(({ messageId }) => messageId === event.data.messageId);
  const failed = answers[index];
  if (failed === undefined) return { state, clocks: [] };
  const next = answers[index + 1];
  const others = answers.filter((answer) => answer !== failed && answer !== next);
  if (next !== undefined) {
    const heir = { ...next, clocks: [...failed.clocks, ...next.clocks] };
    return { state: { ...rest, answers: others.toSpliced(index, 0, heir) }, clocks: [] };
  }
  const clocks = failed.clocks.flatMap((clock) => {
    const rule = line.clocks.find(({ name, kind }) => name === clock.name && kind === clock.kind);
    // A case with a final end owes only the reply to a contact.
    const isOver = clock.kind !== "reply" && isFinalEnd(change);
    return rule === undefined || isOver ? [] : [owe(clock, rule, { event, state })];
  });
  return { state: withoutAnswer({ ...rest, ...(others.length > 0 && { answers: others }) }, clocks), clocks };
}

function owe(
  clock: Clock,
  rule: ClockRule,
  { event, state }: { readonly event: ClockChange["event"]; readonly state: CaseClocks },
): Clock {
  const targetMs = clock.own === true ? clock.targetMs : rule.target[state.severity];
  return { ...resumeClock(clock, { event }, kindRules[clock.kind]), targetMs };
}

/** Returns the state in which the customer has no answer again. */
function withoutAnswer(state: CaseClocks, clocks: readonly Clock[]): CaseClocks {
  const owes = (kind: Clock["kind"]): boolean => clocks.some((clock) => clock.kind === kind);
  const { answered, ...rest } = state;
  return {
    ...rest,
    ...(answered === true && !owes("first-response") && { answered }),
    ...(state.status === "resolved" && owes("reply") && { unanswered: true }),
  };
}
