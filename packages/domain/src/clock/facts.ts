import { type CaseStatus, type EventOf, type Instant, parseDuration, parseInstant } from "@crossline/contracts";
import { isUnsolved } from "../case/status.ts";
import type { Line } from "../line/line.ts";
import type { ClockInput } from "./change.ts";
import type { CaseClocks, ClockHandoff, Handling } from "./clock.ts";
import { isAnswer } from "./person.ts";

/** Of one party. */
const handlingsMax = 20;

/** How long a handling counts after its last sign of life. */
export const heartbeatGraceMs = 180_000;

/** The facts of a case that has just been opened; it has no clocks yet. */
export function openedFacts(event: EventOf<"case.opened">): CaseClocks {
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
    ...(event.data.status === "pending" && { pendingSince: event.sequence }),
    handlings: [],
    clocks: [],
    ended: [],
    ...(event.data.needBy !== undefined && { needBy: parseInstant(event.data.needBy) }),
  };
}

/** The facts after an event; clocks untouched. */
export function follow(state: CaseClocks, event: ClockInput): CaseClocks {
  const noun = event.topic.split(".")[1] === "case" ? "case" : "handoff";
  const answered = state.answered !== true && isAnswer(event) ? { answered: true as const } : undefined;
  const read: CaseClocks = { ...state, ...answered, read: { ...state.read, [noun]: event.sequence } };
  switch (event.type) {
    case "case.status-changed":
      return { ...withoutWaiting(entered(read, event.data.to, event)), ...waitingOf(event) };
    case "case.resolved":
      return entered(read, "resolved", event);
    case "case.closed":
      return entered(read, "closed", event);
    case "case.reopened":
      return { ...entered(read, "reopened", event), crossed: false };
    case "case.recorded":
      return entered(read, event.data.status, event);
    case "case.severity-changed":
      return { ...read, severity: event.data.to };
    case "case.moved":
      return { ...read, line: event.data.line };
    case "case.merged":
      return { ...read, ...earlierNeedBy(state, event) };
    case "handling.started":
    case "handling.continued":
      return { ...read, handlings: beat(state.handlings, event) };
    case "handling.ended":
      return { ...read, handlings: state.handlings.filter(({ id }) => id !== event.data.handlingId) };
    case "crossing.requested":
      return { ...read, crossed: true };
    case "handoff.offered":
      return { ...offered(read, event), crossed: true };
    case "handoff.accepted": {
      const { handoffId: id, vendor } = event.data;
      return { ...read, holder: vendor, crossed: false, handoff: { id, vendor, accepted: true } };
    }
    case "handoff.resolved":
    case "handoff.withdrawn":
    case "handoff.returned":
      return { ...withoutHandoff(read), holder: state.carrier, crossed: false };
    case "handoff.rejected":
    case "handoff.lapsed":
    case "handoff.transferred":
      return withoutHandoff(read);
    case "handoff.released": // Who asked has let go of it; the question goes with him.
    case "handoff.info-requested":
    case "handoff.info-provided":
      return state.handoff === undefined ? read : { ...read, handoff: asked(state.handoff, event) };
    case "handoff.taken":
      return { ...read, crossed: false };
    case "case.opened":
    case "case.contacted":
    case "promise.made":
    case "promise.delivered":
    case "promise.withdrawn":
    case "problem.opened":
    case "joint.declared":
    case "joint.person-named":
    case "joint.session-held":
    case "roster.paged":
    case "entry.added":
    case "case.confirmed":
    case "handoff.claimed":
    case "handoff.confirmed":
    case "handoff.reopened":
    case "line.exhausted":
    case "last-resort.called":
      return read;
  }
}

function entered(state: CaseClocks, status: CaseStatus, { sequence }: ClockInput): CaseClocks {
  if (status === "pending") return state.status === "pending" ? state : { ...state, status, pendingSince: sequence };
  if (state.waiting === undefined && state.pendingSince === undefined) return { ...state, status };
  const { waiting: _, pendingSince: __, ...rest } = state;
  return { ...rest, status };
}

/** A case that waits already and is said to wait once more waits for what was said last. */
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

function earlierNeedBy({ needBy }: CaseClocks, { data }: EventOf<"case.merged">): Pick<CaseClocks, "needBy"> {
  if (data.needBy === undefined) return {};
  return { needBy: Math.min(needBy ?? Infinity, parseInstant(data.needBy)) };
}

function withoutHandoff(state: CaseClocks): CaseClocks {
  const { handoff: _, ...rest } = state;
  return rest;
}

function asked(handoff: ClockHandoff, { type, sequence }: Pick<ClockInput, "type" | "sequence">): ClockHandoff {
  const { asked: _, ...rest } = handoff;
  return type === "handoff.info-requested" ? { ...rest, asked: sequence } : rest;
}

function offered(state: CaseClocks, { data }: EventOf<"handoff.offered">): CaseClocks {
  return { ...state, handoff: { id: data.handoffId, vendor: data.vendor, accepted: false } };
}

function beat(handlings: readonly Handling[], event: EventOf<"handling.started" | "handling.continued">): Handling[] {
  const { handlingId: id, channel, actor } = event.data;
  const others = handlings.filter((handling) => handling.id !== id);
  const own = others.filter(({ party }) => party === actor.party);
  const kept = own.length < handlingsMax ? others : others.filter((handling) => handling !== own[0]);
  return [...kept, { id, party: actor.party, channel, lastBeatAt: event.time }];
}

/**
 * Whether a clock must be running that will fire (invariant 3): where the case is open and its line crosses. Not while it waits
 * for somebody else or for the confirmation: that clock may have fired, and what it asked for is under way.
 */
export function needsClock({ status }: CaseClocks, line: Line): boolean {
  return isUnsolved(status) && status !== "pending" && !line.observe;
}

/** Until when a live handling of this party counts; undefined where none is live at `at`. */
export function liveUntil(state: CaseClocks, party: string, at: Instant): Instant | undefined {
  let until: Instant | undefined;
  for (const handling of state.handlings) {
    const end = handling.lastBeatAt + heartbeatGraceMs;
    if (handling.party === party && end > at && (until === undefined || end > until)) until = end;
  }
  return until;
}
