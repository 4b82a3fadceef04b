import type { CaseStatus, EventOf, Instant } from "@crossline/contracts";
import { isUnsolved } from "../case/status.ts";
import type { Line } from "../line/line.ts";
import type { ClockInput } from "./change.ts";
import type { CaseClocks, Handling } from "./clock.ts";

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
    handlings: [],
    clocks: [],
    ended: [],
  };
}

/** The facts after an event; clocks untouched. */
export function follow(state: CaseClocks, event: ClockInput): CaseClocks {
  const noun = event.topic.split(".")[1] === "case" ? "case" : "handoff";
  const read = { ...state, read: { ...state.read, [noun]: event.sequence } };
  switch (event.type) {
    case "case.status-changed":
      return { ...read, status: event.data.to };
    case "case.resolved":
      return { ...read, status: "resolved" satisfies CaseStatus };
    case "case.closed":
      return { ...read, status: "closed" };
    case "case.reopened":
      return { ...read, status: "reopened", crossed: false };
    case "case.recorded":
      return { ...read, status: event.data.status };
    case "handling.started":
    case "handling.continued":
      return { ...read, handlings: beat(state.handlings, event) };
    case "handling.ended":
      return { ...read, handlings: state.handlings.filter(({ id }) => id !== event.data.handlingId) };
    case "crossing.requested":
    case "handoff.offered":
      return { ...read, crossed: true };
    case "handoff.accepted":
      return { ...read, holder: event.data.vendor, crossed: false };
    case "handoff.resolved":
    case "handoff.withdrawn":
      return { ...read, holder: state.carrier, crossed: false };
    case "handoff.taken":
      return { ...read, crossed: false };
    case "case.opened":
    case "case.contacted":
    case "case.severity-changed":
    case "case.moved":
    case "promise.made":
    case "promise.delivered":
    case "promise.withdrawn":
    case "problem.opened":
    case "handoff.info-requested":
    case "handoff.info-provided":
    case "handoff.returned":
    case "handoff.transferred":
    case "joint.declared":
    case "joint.person-named":
    case "joint.session-held":
    case "roster.paged":
    case "entry.added":
    case "case.confirmed":
    case "handoff.claimed":
    case "handoff.released":
    case "handoff.rejected":
    case "handoff.lapsed":
    case "handoff.confirmed":
    case "handoff.reopened":
    case "line.exhausted":
    case "last-resort.called":
      return read;
  }
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
