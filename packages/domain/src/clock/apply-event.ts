import {
  type CaseStatus,
  type EventOf,
  type HandoffEvent,
  type Instant,
  parseDuration,
  parseInstant,
  topics,
} from "@crossline/contracts";
import { isAnswer, isInquiry } from "../case/act.ts";
import { isEnded, isUnsolved } from "../case/status.ts";
import type { Line } from "../line/line.ts";
import type { ClockInput } from "./change.ts";
import type { CaseClocks, ClockHandoff } from "./clock.ts";
import { applyHeartbeat } from "./live-handlings.ts";
import { applyIncident, movedMember, withoutMember } from "./member.ts";
import { addToOrder } from "./append-event.ts";

/** Returns the state of a newly opened case, which has no clocks yet. */
export function openCaseClocks(event: EventOf<"case.opened">): CaseClocks {
  return {
    caseId: event.key,
    timeline: event.timeline,
    carrier: event.data.carrier,
    line: event.data.line,
    severity: event.data.severity,
    status: event.data.status,
    holder: event.data.carrier,
    crossed: false,
    sequence: 0,
    read: { case: event.sequence, handoff: 0 },
    applied: addToOrder([], "case"),
    ...(event.data.status === "pending" && { pendingSince: event.sequence }),
    handlings: [],
    clocks: [],
    ended: [],
    ...(event.data.needBy !== undefined && { needBy: parseInstant(event.data.needBy) }),
  };
}

/**
 * Returns the state after an event, except for the clocks, which stay unchanged. `line` is the line of the case before the
 * event.
 */
export function applyEvent(state: CaseClocks, event: ClockInput, line: Pick<Line, "handlings">): CaseClocks {
  const noun = isOfCase(event) ? "case" : "handoff";
  const read: CaseClocks = {
    ...(isAnswer(event) ? withAnswer(state) : state),
    read: { ...state.read, [noun]: event.sequence },
    applied: addToOrder(state.applied, noun),
  };
  if (!isOfCase(event)) return applyHandoffEvent(read, event);
  switch (event.type) {
    case "case.status-changed":
      return { ...withoutWaiting(withStatus(read, event.data.to, event)), ...waitingOf(event) };
    case "case.resolved":
      return withStatus(read, "resolved", event);
    case "case.closed":
      return withStatus(read, "closed", event);
    case "case.reopened":
      return { ...withStatus(read, "reopened", event), crossed: false };
    case "case.recorded":
      return withStatus(read, event.data.status, event);
    case "case.severity-changed":
      return { ...read, severity: event.data.to };
    case "case.moved":
      return { ...read, line: event.data.line, ...movedMember(read, event.sequence) };
    case "incident.joined":
    case "incident.held":
    case "incident.left":
      return isUnsolved(read.status) ? applyIncident(read, event) : read;
    case "case.merged":
      return withNeedBy(read, earlierOf(state.needBy, instantOfNeedBy(event.data.needBy)), event);
    case "case.corrected":
      return withNeedBy(
        read,
        event.data.needBy === undefined ? state.needBy : instantOfNeedBy(event.data.needBy),
        event,
      );
    case "case.confirmed":
      return { ...read, needByMet: true };
    case "promise.delivered":
      return event.data.kept && event.data.for === "need-by" ? { ...read, needByMet: true } : read;
    case "case.contacted":
      return state.status === "resolved" && isInquiry(event) ? { ...read, unanswered: true } : read;
    case "handling.started":
    case "handling.continued":
      return { ...read, handlings: applyHeartbeat(state.handlings, event, line) };
    case "handling.ended":
      return { ...read, handlings: state.handlings.filter(({ id }) => id !== event.data.handlingId) };
    case "crossing.requested":
      return { ...read, crossed: true };
    case "case.opened":
    case "promise.made":
    case "promise.withdrawn":
    case "problem.opened":
    case "incident.opened":
    case "incident.counted":
    case "incident.ended":
    case "change.linked":
    case "change.unlinked":
    case "known-error.matched":
    case "message.written":
    case "message.reworded":
    case "message.released":
    case "message.withdrawn":
    case "message.failed":
    case "case.severity-proposed":
    case "case.severity-declined":
    case "entry.added":
      return read;
  }
}

function isOfCase(event: ClockInput): event is Exclude<ClockInput, HandoffEvent> {
  return event.topic === topics.case;
}

/** Applies an event of the hand-off topic to the holder and the hand-off. */
function applyHandoffEvent(read: CaseClocks, event: HandoffEvent): CaseClocks {
  const { handoff, carrier } = read;
  switch (event.type) {
    case "handoff.offered":
      return { ...withOffer(read, event), crossed: true };
    case "handoff.accepted": {
      const { handoffId: id, vendor } = event.data;
      // A vendor can accept an offer before routing reads that the case joined an incident. Then the vendor's clocks must run.
      return { ...withoutMember(read), holder: vendor, crossed: false, handoff: { id, vendor, accepted: true } };
    }
    case "handoff.resolved":
    case "handoff.withdrawn":
    case "handoff.returned":
      return { ...withoutHandoff(read), holder: carrier, crossed: false };
    case "handoff.rejected":
    case "handoff.lapsed":
    case "handoff.transferred":
      return withoutHandoff(read);
    case "handoff.released": // A release also ends the information request of the claim.
    case "handoff.info-requested":
    case "handoff.info-provided":
      return handoff === undefined ? read : { ...read, handoff: withQuestion(handoff, event) };
    case "handoff.taken":
    case "pool.assigned": // A pool is inside the holder, so the clocks of live handlings may start again.
      return { ...read, crossed: false };
    case "joint.declared":
    case "joint.person-named":
    case "joint.session-held":
    case "roster.paged":
    case "handoff.claimed":
    case "handoff.renewed":
    case "handoff.confirmed":
    case "handoff.reopened":
    case "line.exhausted":
    case "last-resort.called":
    case "pool.claimed":
    case "pool.released":
    case "pool.lapsed":
    case "pool.skipped":
      return read;
  }
}

function withStatus(state: CaseClocks, status: CaseStatus, event: ClockInput): CaseClocks {
  if (status === "pending")
    return state.status === "pending" ? state : { ...state, status, pendingSince: event.sequence };
  const { waiting: _, pendingSince: __, unanswered, member, ...rest } = state;
  return {
    ...rest,
    // A reopened case is no member, because its customer reports that this case still has the problem.
    ...(member !== undefined && isUnsolved(status) && { member }),
    status,
    // A resolution ends an information request. The timer does not wait for routing's withdrawal, because the clock of the
    // request would then start twice.
    ...(rest.handoff !== undefined && !isUnsolved(status) && { handoff: withQuestion(rest.handoff, event) }),
    ...(status === "resolved" && unanswered !== undefined && { unanswered }),
    // When a case ends, intake ends the handlings of the case.
    ...(isEnded(status) && rest.handlings.length > 0 && { handlings: [] }),
  };
}

function withAnswer(state: CaseClocks): CaseClocks {
  if (state.answered === true && state.unanswered === undefined) return state;
  const { unanswered: _, ...rest } = state;
  return { ...rest, answered: true };
}

/** Removes the former pause. If a pending case becomes pending again, the case has only the new reason. */
function withoutWaiting(state: CaseClocks): CaseClocks {
  if (state.waiting === undefined) return state;
  const { waiting: _, ...rest } = state;
  return rest;
}

function waitingOf({ data }: EventOf<"case.status-changed">): Pick<CaseClocks, "waiting"> {
  const { to, waitingOn: on, maximum } = data;
  if (to !== "pending" || on === undefined) return {};
  return { waiting: maximum === undefined ? { on } : { on, maximumMs: parseDuration(maximum) } };
}

function instantOfNeedBy(needBy: string | null | undefined): Instant | undefined {
  return typeof needBy === "string" ? parseInstant(needBy) : undefined;
}

function earlierOf(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** Sets another need-by. If the event names a need-by, this need-by must be met, even if the former need-by was met. */
function withNeedBy(
  state: CaseClocks,
  wanted: Instant | undefined,
  { data }: EventOf<"case.merged" | "case.corrected">,
): CaseClocks {
  const { needBy: _, needByMet, ...rest } = state;
  const isMet = needByMet !== undefined && typeof data.needBy !== "string";
  return { ...rest, ...(wanted !== undefined && { needBy: wanted }), ...(isMet && { needByMet }) };
}

function withoutHandoff(state: CaseClocks): CaseClocks {
  const { handoff: _, ...rest } = state;
  return rest;
}

function withQuestion(handoff: ClockHandoff, { type, sequence }: Pick<ClockInput, "type" | "sequence">): ClockHandoff {
  const { asked: _, ...rest } = handoff;
  return type === "handoff.info-requested" ? { ...rest, asked: sequence } : rest;
}

function withOffer(state: CaseClocks, { data }: EventOf<"handoff.offered">): CaseClocks {
  return { ...state, handoff: { id: data.handoffId, vendor: data.vendor, accepted: false } };
}

/**
 * Returns true if a clock with a deadline must run (invariant 3 of docs/architecture.md). A clock must run for an unsolved case
 * under a crossing line. A pending case and a member of an incident need no clock. Their clock may have breached before the timer reads
 * the end of the pass.
 */
export function needsClock({ status, member }: CaseClocks, line: Line): boolean {
  return isUnsolved(status) && status !== "pending" && member === undefined && !line.observe;
}

/** Returns true if the event is an offer or a request for a crossing. */
export function isCrossing(event: ClockInput): boolean {
  return event.type === "handoff.offered" || event.type === "crossing.requested";
}

/**
 * Returns true if the event is a takeover. A takeover gives the case a new holder, or starts the clocks of the present holder
 * again.
 */
export function isTakenOver(event: ClockInput, before: CaseClocks | undefined, after: CaseClocks): boolean {
  if (before === undefined || before.holder !== after.holder) return true;
  return event.type === "handoff.withdrawn" || event.type === "handoff.taken" || event.type === "case.reopened";
}
