import { type Actor, type EventData, type Instant, type Refusal, parseInstant } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { appendCaseEvent } from "./append-event.ts";
import { type CaseDecision, type CasePromise, type CaseState, intakeActor } from "./case.ts";
import { refuseTransition, withStatus } from "./transition.ts";
import { rolesOf } from "../reading/refuse-command.ts";
import { refuseAction } from "../reading/refuse-action.ts";
import { quitIncident } from "./incident.ts";
import { earlierNeedBy } from "./need-by.ts";
import { matchKnownError } from "./known-errors.ts";
import { promiseLimits, putPromise } from "./promises.ts";
import { severityRank } from "./severity.ts";
import { isUnsolved } from "./status.ts";
import { addToSubject } from "./subject.ts";
import { recordDecision } from "./record-decision.ts";

/**
 * The command to merge one case into another. `clocks`, `contacts` and `entries` are those of the source case. `promiseId()`
 * returns a new id for each promise, and `entryId` is the id of the new entry.
 */
export type CaseMerge = {
  readonly actor: Actor;
  readonly reason: string;
  readonly observing: { readonly source: boolean; readonly target: boolean };
  readonly promiseId: () => string;
  readonly entryId: string;
} & Pick<EventData<"case.merged">, "clocks" | "contacts" | "entries">;

/** The decisions about the source case and the target case. */
export type MergeDecision = { readonly source: CaseDecision; readonly target: CaseDecision };

/** Both cases, and the open promises that move from the source case to the target case. */
type MergedCases = {
  readonly source: CaseState;
  readonly target: CaseState;
  readonly promises: readonly CasePromise[];
};

const mergedMax = 20;

/**
 * Merges the source case into the target case. The source case closes. The content and the open promises of the source case
 * move to the target case. If the source case and the target case have the same clock, the earlier deadline applies. A refusal
 * changes neither case.
 */
export function mergeCases(
  source: CaseState,
  target: CaseState,
  merging: CaseMerge,
  at: Instant,
): MergeDecision | { readonly refused: Refusal } {
  const refused = refuseMerge(source, target, merging);
  if (refused !== undefined) return refused;
  const promises = openPromises(source, at);
  if (promises.length + openPromises(target).length > promiseLimits.open)
    return refuse(
      "limit_reached",
      `A case has at most ${promiseLimits.open} open promises, and these two cases together have more.`,
    );
  const cases = { source, target, promises };
  return { source: closeSource(cases, merging, at), target: mergeIntoTarget(cases, merging, at) };
}

function refuseMerge(
  source: CaseState,
  target: CaseState,
  { observing, actor }: CaseMerge,
): { readonly refused: Refusal } | undefined {
  const refusal = refuseAction(rolesOf(source, actor.party), "merge");
  if (refusal !== undefined) return { refused: refusal };
  if (source.mergedInto !== undefined) return refuseTransition(source, "merge", "");
  if (source.id === target.id || source.carrier !== target.carrier || source.timeline !== target.timeline) {
    const fields = [{ at: "/into", message: "must be another case of your company on the same timeline" }];
    return refuse("invalid_request", "A case can only be merged into another case of its carrier.", { fields });
  }
  if (!isUnsolved(source.status)) return refuseTransition(source, "merge", "It is resolved or has ended.");
  if (!isUnsolved(target.status))
    return refuseTransition(target, "merge another case into", "It is resolved or has ended; reopen it first.");
  if (source.handoff !== undefined || source.crossingRequested || source.lastResortCalls > 0 || source.joint)
    return refuseTransition(
      source,
      "merge",
      "It has crossed, or a crossing is requested; merge the other case into this one.",
    );
  if (source.canary !== undefined || target.canary !== undefined)
    return refuseTransition(source, "merge", "A canary opened one of the two cases, and such a case pages no person.");
  if (observing.target && !observing.source)
    return refuseTransition(
      source,
      "merge",
      "The other case has an observing line, so the merged case could not cross.",
    );
  if ((target.merged?.length ?? 0) >= mergedMax)
    return refuse("limit_reached", `At most ${mergedMax} cases are merged into one.`);
  return undefined;
}

function isMoreSevere(one: CaseState, other: CaseState): boolean {
  return severityRank[one.severity] > severityRank[other.severity];
}

/** Returns the open promises whose windows have not ended at an instant. Without an instant, returns all open promises. */
function openPromises({ promises = [] }: CaseState, at = -Infinity): readonly CasePromise[] {
  return promises.filter(({ state, until }) => state === "open" && parseInstant(until) >= at);
}

function closeSource(
  { source, target, promises }: MergedCases,
  { actor, reason }: CaseMerge,
  at: Instant,
): CaseDecision {
  let decision = quitIncident({ state: source, messages: [] }, "lead-ended", at);
  for (const promise of promises) {
    const why = `It continues in ${target.id}, which this case was merged into.`;
    const data = { actor: intakeActor(source), promiseId: promise.id, promisor: promise.promisor, reason: why };
    decision = appendCaseEvent(decision, at, { type: "promise.withdrawn", data });
    decision = { ...decision, state: putPromise(decision.state, { ...promise, state: "withdrawn" }) };
  }
  const data = { actor, from: source.status, reason: "merged", into: target.id, note: reason } as const;
  const sourceClosed = withStatus("closed", appendCaseEvent(decision, at, { type: "case.closed", data }), at);
  return { ...sourceClosed, state: { ...sourceClosed.state, mergedInto: target.id } };
}

/**
 * Appends the events to the target case. The severity changes first, because the clocks must compare the deadlines under the
 * final severity.
 */
function mergeIntoTarget({ source, target, promises }: MergedCases, merging: CaseMerge, at: Instant): CaseDecision {
  let decision: CaseDecision = { state: target, messages: [] };
  const self = intakeActor(target);
  if (isMoreSevere(source, target)) {
    const data = { actor: self, from: target.severity, to: source.severity, reason: merging.reason };
    decision = appendCaseEvent(decision, at, { type: "case.severity-changed", data });
  }
  decision = appendCaseEvent(decision, at, { type: "case.merged", data: mergeData(source, merging) });
  for (const { id: _, state: __, ...promise } of promises) {
    const promiseId = merging.promiseId();
    const data = { actor: self, promiseId, ...promise };
    decision = appendCaseEvent(decision, at, { type: "promise.made", data });
    decision = { ...decision, state: putPromise(decision.state, { id: promiseId, ...promise, state: "open" }) };
  }
  for (const { problemId, workaround, fixCode } of source.knownErrors ?? [])
    decision = matchKnownError(decision, { type: "match-known-error", problemId, workaround, fixCode }, self, at);
  const text = `${source.carrierCaseId} (${source.id}) was merged into this case: ${merging.reason}`;
  decision = recordDecision(decision, { actor: self, entryId: merging.entryId, text }, at);
  return { ...decision, state: { ...joinCases(source, decision.state), crossingVersion: decision.state.version } };
}

function mergeData(
  source: CaseState,
  { actor, reason, clocks, contacts, entries }: CaseMerge,
): EventData<"case.merged"> {
  const { id: from, carrierCaseId, facts = [], device, symptom, needBy, subject } = source;
  const fields = { carrierCaseId, device, symptom, needBy, subject, ...(facts.length > 0 && { given: [...facts] }) };
  return { actor, from, reason, clocks, contacts, entries, ...fields };
}

/** Returns the target case after the merge. Values that the target case lacks come from the source case. */
function joinCases(source: CaseState, target: CaseState): CaseState {
  const facts = [...new Set([...(source.facts ?? []), ...(target.facts ?? [])])];
  return {
    ...addToSubject(target, source.subject),
    severity: isMoreSevere(source, target) ? source.severity : target.severity,
    device: target.device ?? source.device,
    symptom: target.symptom ?? source.symptom,
    needBy: earlierNeedBy(target.needBy, source.needBy),
    ...(facts.length > 0 && { facts }),
    merged: [...(target.merged ?? []), source.id],
    mergedContacts: (target.mergedContacts ?? 0) + source.contacts + (source.mergedContacts ?? 0),
  };
}
