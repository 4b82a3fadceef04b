import {
  type EventData,
  type EventOf,
  type HandoffEvent,
  type Instant,
  parseInstant,
  timelineKind,
  topics,
} from "@crossline/contracts";
import { canCarryWords } from "../handoff/words.ts";
import { changeHolder } from "../holder-times.ts";
import { kindRules } from "../clock/kinds/all.ts";
import { parseStart } from "../clock/start.ts";
import { appendCaseEvent } from "./append-event.ts";
import {
  type CaseDecision,
  type CaseInput,
  type CaseState,
  type JointCase,
  type OpenHandoff,
  intakeActor,
  enterStatus,
} from "./case.ts";
import { lacksRootCause } from "./change-status.ts";
import { reopen } from "./ending.ts";
import { addFactNames } from "./entries.ts";
import { handlingCountsUntil } from "./handlings.ts";
import { leaveIncident, settleIncident } from "./incident.ts";
import { recordWords } from "./record-words.ts";
import { nameOwner } from "../inquiry/inquiry.ts";
import { applyMail } from "../message/apply-mail.ts";
import { applyPool, isOfPool } from "./pool.ts";
import { updateReading } from "../reading/case-reading.ts";
import { isUnsolved } from "./status.ts";

/**
 * Applies an event of routing or of the timer to the case. Only routing decides the holder, and this function derives the
 * status of the case from the holder. The texts of the event become an entry. `now` is the present instant of the wall
 * timeline. On a stepped timeline or import, the decision has the time of the event.
 */
export function applyToCase(state: CaseState, event: CaseInput, now: Instant): CaseDecision {
  const decision = applyWithoutWords(state, event, now);
  if (!canCarryWords(event)) return decision;
  return recordWords(decision, event, Math.max(causedAt(event, now), decision.state.lastEventAt));
}

/** Applies the event, but adds no entry for its texts. */
export function applyWithoutWords(state: CaseState, event: CaseInput, now: Instant): CaseDecision {
  const at = Math.max(causedAt(event, now), state.lastEventAt);
  return settleIncident(applyEvent(state, event, at), at);
}

function causedAt({ timeline, time }: CaseInput, now: Instant): Instant {
  return timelineKind(timeline) === "wall" ? Math.max(now, time) : time;
}

function applyEvent(state: CaseState, event: CaseInput, at: Instant): CaseDecision {
  if (event.type === "mail.accepted" || event.type === "mail.refused") return applyMail(state, event, at);
  const noun = event.topic === topics.clock ? "clock" : "handoff";
  const seenUp: CaseState = { ...state, read: { ...state.read, [noun]: event.sequence } };
  const read = event.topic === topics.clock ? seenUp : updateReading(seenUp, event as HandoffEvent);
  if (isOfPool(event)) return stateOnly(applyPool(read, event));
  const seen = (changes: Partial<CaseState>): CaseState => ({
    ...read,
    ...changes,
    version: read.version + 1,
    crossingVersion: read.version + 1,
  });
  switch (event.type) {
    case "handoff.offered": {
      const { handoffId: id, vendor, queue } = event.data;
      const handoff = { id, vendor, queue, phase: "offered" } as const;
      return stateOnly(seen({ handoff, crossingRequested: false, lastResortCalls: 0 }));
    }
    case "handoff.claimed":
      return stateOnly(state.handoff === undefined ? read : seen({ handoff: withLease(state.handoff, event) }));
    case "handoff.renewed": // The version does not count renewals, because no person needs to read them.
      return stateOnly(state.handoff === undefined ? read : { ...read, handoff: withLease(state.handoff, event) });
    case "handoff.released": {
      const { handoffId: id, vendor, queue } = event.data;
      return stateOnly(state.handoff === undefined ? read : seen({ handoff: { id, vendor, queue, phase: "offered" } }));
    }
    case "handoff.accepted":
      return leaveCrossed(applyAcceptance(seen({}), event, at), at);
    case "handoff.rejected":
    case "handoff.lapsed":
      return stateOnly(seen({ handoff: undefined }));
    case "handoff.withdrawn":
      return stateOnly(changeHolder(seen({ handoff: undefined }), state.carrier, event.time));
    case "handoff.resolved":
      return applyResolution(changeHolder(seen({ handoff: undefined }), state.carrier, event.time), event, at);
    case "last-resort.called":
      if (isObsoleteCall(state, event)) return stateOnly(read);
      return stateOnly(seen({ lastResortCalls: event.data.call, crossingRequested: false }));
    case "handoff.taken":
      return stateOnly(seen({ lastResortCalls: 0, ...withOwner(state, event) }));
    case "clock.breached":
      return applyBreach(read, event, at);
    case "handoff.info-requested":
    case "handoff.info-provided":
      return stateOnly(applyInformation(read, seen, event));
    case "handoff.returned":
      return stateOnly(changeHolder(seen({ handoff: undefined }), state.carrier, event.time));
    case "handoff.transferred":
      return stateOnly(seen({ handoff: undefined }));
    case "joint.declared": {
      const { accountable, parties, returns } = event.data;
      return stateOnly(seen({ joint: { accountable, parties, returns, since: event.time, persons: [] } }));
    }
    case "joint.person-named":
      return stateOnly(state.joint === undefined ? read : seen({ joint: withPerson(state.joint, event) }));
    case "joint.session-held":
      return stateOnly(seen({}));
    case "roster.paged":
      return stateOnly(applyPage(read, seen, event));
    case "handoff.confirmed":
    case "handoff.reopened":
    case "line.exhausted":
    case "clock.warned":
    case "clock.recomputed":
    case "clock.overtaken":
      return stateOnly(read);
    case "handling.silent":
      return stateOnly(applySilence(read, event.data));
  }
}

/** Applies a page, which names the owner of a late inquiry. A page changes no other case. */
function applyPage(
  read: CaseState,
  seen: (changes: Partial<CaseState>) => CaseState,
  event: EventOf<"roster.paged">,
): CaseState {
  const owned = withOwner(read, event);
  return owned === undefined ? read : seen(owned);
}

function withOwner(
  state: CaseState,
  event: EventOf<"roster.paged" | "handoff.taken">,
): Pick<CaseState, "inquiry"> | undefined {
  const inquiry = nameOwner(state.inquiry, event);
  return inquiry === undefined ? undefined : { inquiry };
}

/**
 * Applies an information request, or the reply to an information request. The items that the reply supplies are no longer
 * missing.
 */
function applyInformation(
  read: CaseState,
  seen: (changes: Partial<CaseState>) => CaseState,
  event: EventOf<"handoff.info-requested" | "handoff.info-provided">,
): CaseState {
  const { handoff } = read;
  const phase = event.type === "handoff.info-requested" ? "info-requested" : "claimed";
  const state = handoff === undefined ? read : seen({ handoff: { ...handoff, phase } });
  return event.type === "handoff.info-provided" ? addFactNames(state, event.data.items ?? []) : state;
}

/** Applies a claim or the renewal of a lease. An open information request stays open. */
function withLease(handoff: OpenHandoff, { data }: EventOf<"handoff.claimed" | "handoff.renewed">): OpenHandoff {
  const phase = handoff.phase === "info-requested" ? "info-requested" : "claimed";
  return { ...handoff, phase, leaseUntil: parseInstant(data.leaseUntil) };
}

/**
 * Returns true if routing called the last resort before it read that the case was resolved or ended. When routing reads the
 * resolution or end, routing stops the calls and publishes no event.
 */
function isObsoleteCall({ solvedSince = 0 }: CaseState, { after = [] }: EventOf<"last-resort.called">): boolean {
  return after.some(({ topic, sequence }) => topic === topics.case && sequence < solvedSince);
}

function withPerson(joint: JointCase, { data }: EventOf<"joint.person-named">): JointCase {
  const { party, accountable = false, subject } = data;
  const persons = [...joint.persons.filter((one) => one.party !== party), { party, engineer: subject.engineer }];
  return { ...joint, persons, ...(accountable && { accountable: party }) };
}

/** Applies the silence of a handling, unless intake recorded a later heartbeat. */
function applySilence(state: CaseState, { handlingId, silentSince }: EventData<"handling.silent">): CaseState {
  const at = parseInstant(silentSince);
  const handlings = state.handlings.map((one) =>
    one.id === handlingId && handlingCountsUntil(state, one) <= at ? { ...one, silentSince: at } : one,
  );
  return { ...state, handlings, version: state.version + 1 };
}

function stateOnly(state: CaseState): CaseDecision {
  return { state, messages: [] };
}

function applyAcceptance(state: CaseState, event: EventOf<"handoff.accepted">, at: Instant): CaseDecision {
  const { vendor, queue, handoffId: id } = event.data;
  const withHolder = {
    ...changeHolder(state, vendor, event.time),
    handoff: { id, vendor, queue, phase: "accepted" } as const,
  };
  const { status, waiting } = withHolder;
  const isTheirTurn =
    status === "acknowledged" || status === "reopened" || (status === "pending" && waiting?.on === "vendor");
  if (!isTheirTurn) return stateOnly(withHolder);
  const data = { actor: intakeActor(withHolder), from: status, to: "inProgress" } as const;
  const appended = appendCaseEvent(stateOnly(withHolder), at, { type: "case.status-changed", data });
  return { ...appended, state: enterStatus(appended.state, "inProgress", at) };
}

function applyResolution(state: CaseState, event: EventOf<"handoff.resolved">, at: Instant): CaseDecision {
  if (!isUnsolved(state.status)) return stateOnly(state);
  const { handoffId, fixCode, rootCause, note } = event.data;
  const data = { actor: intakeActor(state), from: state.status, handoffId, fixCode, rootCause, note };
  const appended = appendCaseEvent(stateOnly(state), at, { type: "case.resolved", data });
  return { ...appended, state: { ...enterStatus(appended.state, "resolved", at), fixCode, rootCause } };
}

/** Reopens a joint case that has no root cause. The automatic closing cannot replace the root cause. */
function reopenWithoutRootCause(state: CaseState, at: Instant): CaseDecision {
  const reason = "A joint case cannot close without its root cause.";
  return reopen(stateOnly(state), intakeActor(state), at, { code: "other", reason });
}

/**
 * Applies a breach that closes a case or ends a pause. The breach names the event that started its clock. If a change of
 * status, an inquiry or an answer followed the start of the clock, the breach changes nothing. After a move to another line,
 * the move is the event that started the clock.
 */
function applyBreach(state: CaseState, event: EventOf<"clock.breached">, at: Instant): CaseDecision {
  const { does } = kindRules[event.data.kind].breach;
  if (isMaximumOfIncident(state, event)) return leaveAtMaximum(state, at);
  if (does !== "close" && does !== "end-wait") return stateOnly(state);
  const start = parseStart(event.data.incarnation);
  if (start.by !== "case" || start.sequence < state.statusSince) return stateOnly(state);
  const actor = intakeActor(state);
  if (does === "close" && state.status === "resolved") {
    if (lacksRootCause(state)) return reopenWithoutRootCause(state, at);
    const data = { actor, from: state.status, reason: "confirmation-lapsed" } as const;
    const appended = appendCaseEvent(stateOnly(state), at, { type: "case.closed", data });
    return { ...appended, state: enterStatus(appended.state, "closed", at) };
  }
  if (does === "end-wait" && state.status === "pending") {
    const note = "The pause reached its maximum; work continues with best effort.";
    const data = { actor, from: state.status, to: "inProgress", note } as const;
    const appended = appendCaseEvent(stateOnly(state), at, { type: "case.status-changed", data });
    return { ...appended, state: enterStatus(appended.state, "inProgress", at) };
  }
  return stateOnly(state);
}

/** Returns true if the member has waited for the lead of its incident for the maximum of the line. */
function isMaximumOfIncident({ incident }: CaseState, { data }: EventOf<"clock.breached">): boolean {
  if (data.kind !== "information" || incident?.role !== "member") return false;
  const start = parseStart(data.incarnation);
  return start.by === "case" && incident.starts.includes(start.sequence);
}

function leaveAtMaximum(state: CaseState, at: Instant): CaseDecision {
  const reason = "The pause reached its maximum; work on the case continues.";
  return leaveIncident(stateOnly(state), { actor: intakeActor(state), cause: "maximum", reason }, at);
}

/** A vendor can accept a case before routing reads that the case joined an incident. The case then leaves the incident. */
function leaveCrossed(decision: CaseDecision, at: Instant): CaseDecision {
  const reason = "A vendor accepted the case before the case joined the incident.";
  return leaveIncident(decision, { actor: intakeActor(decision.state), cause: "removed", reason }, at);
}
