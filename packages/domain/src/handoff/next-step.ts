import {
  type EventData,
  type Instant,
  derivedId,
  formatDuration,
  formatInstant,
  parseDuration,
} from "@crossline/contracts";
import { isUnsolved } from "../case/status.ts";
import { isOpenAt, nextOpening } from "../calendar/calendar.ts";
import { hold } from "../holder-times.ts";
import { acceptanceRules } from "../line/clock-rules.ts";
import type { Step } from "../line/line.ts";
import { acceptByOf } from "./accept-by.ts";
import { type CaseCrossing, type CrossingDecision, automation, tell } from "./case-crossing.ts";
import type { Ground } from "./ground.ts";
import type { Handoff, HandoffTerms, OfferedHandoff } from "./handoff.ts";
import { pageLastResort, pageStep } from "./pages.ts";
import { offered, tellEnded, toQueue } from "./vendor-queue.ts";
import { openOf, waitsFor, withOpen, withoutWait } from "./waits.ts";

/** Why a case crosses now. */
export type CrossingReason = Pick<
  EventData<"handoff.offered">,
  "reason" | "clock" | "firingId" | "threshold" | "dueAt" | "firedAt" | "trigger"
>;

/**
 * Takes the next step of the line: offers the case to the step's queue, or pages its roster. With the case solved or over, or
 * while it waits for anything else, nothing happens. When every step is used up the last resort is called.
 */
export function cross(
  decision: CrossingDecision,
  ground: Ground,
  at: Instant,
  reason: CrossingReason,
): CrossingDecision {
  const { state } = decision;
  if (ground.line.observe || !isUnsolved(state.status) || state.waits.for !== "step") return decision;
  const step = ground.line.crossing[state.next.step];
  if (step === undefined) return exhaust(decision, ground, at);
  if (step.whenClosed === "skip" && !isOpenAt(step.hours, at)) {
    const next = { step: state.next.step + 1, attempt: 0 };
    return cross({ state: { ...state, next }, messages: decision.messages }, ground, at, reason);
  }
  if (step.kind === "roster") {
    const paged = pageStep(decision, ground, at, step);
    return paged.reached ? paged.decision : cross(paged.decision, ground, at, reason);
  }
  const { step: index, attempt } = state.next;
  const next = attempt + 1 < step.repeat ? { step: index, attempt: attempt + 1 } : { step: index + 1, attempt: 0 };
  return offer({ state: { ...state, next }, messages: decision.messages }, ground, at, {
    ...step,
    step: index,
    attempt,
    acceptWithin: withinHours(step, ground, state.material.severity, at),
    reason,
  });
}

/** What is offered: to which queue, as which step of the line, for how long. */
export type Offer = Pick<HandoffTerms, "vendor" | "queue" | "mode" | "step" | "attempt"> & {
  readonly acceptWithin: string | undefined;
  readonly reason: CrossingReason;
};

/** Asks a vendor's queue to take the case. The caller has seen to it that no other hand-off is open. */
export function offer(
  { state, messages }: CrossingDecision,
  ground: Ground,
  at: Instant,
  { vendor, queue, mode, step, attempt, acceptWithin, reason }: Offer,
): CrossingDecision {
  const acceptBy = acceptByOf(
    { offeredAt: at, ...(acceptWithin !== undefined && { acceptWithin }) },
    ground.line,
    state.material.severity,
    at,
  );
  const handoff: OfferedHandoff = {
    id: derivedId("ho", state.caseId, state.sequence + 1),
    vendor,
    queue,
    mode,
    step,
    attempt,
    offeredAt: at,
    ...(acceptWithin === undefined ? {} : { acceptWithin }),
    ...(acceptBy === undefined ? {} : { acceptBy }),
    ...(reason.firingId === undefined ? {} : { firingId: reason.firingId }),
    phase: "offered",
    token: 0,
  };
  const told = tell({ state: withOpen(state, handoff), messages }, at, "handoff.offered", {
    ...about(state, handoff),
    step,
    attempt,
    mode,
    ...(acceptWithin === undefined ? {} : { acceptWithin }),
    ...reason,
  });
  return toQueue(told, handoff, at, "queue.offered", {
    handoffId: handoff.id,
    queue: handoff.queue,
    mode: handoff.mode,
    offeredAt: formatInstant(at),
    ...offered(told.state, handoff, ground, at),
    claim: `/v1/queues/${handoff.queue}/handoffs/${handoff.id}/claim`,
  });
}

/**
 * How long a step waits for its answer. One that waits until somebody is there gets what is left until then on top: nobody
 * has to answer at night, and the clock needs to know nothing of the step's hours.
 */
function withinHours(
  step: Step,
  { line }: Ground,
  severity: CaseCrossing["material"]["severity"],
  at: Instant,
): string | undefined {
  const closedMs = step.whenClosed === "wait" ? nextOpening(step.hours, at) - at : 0;
  if (closedMs <= 0) return step.acceptWithin;
  const targets = acceptanceRules(line).map((rule) => rule.target[severity]);
  const withinMs = step.acceptWithin === undefined ? Math.min(...targets) : parseDuration(step.acceptWithin);
  return Number.isFinite(withinMs) ? formatDuration(closedMs + withinMs) : undefined;
}

/** The fields that every message about a hand-off has, with routing itself as the actor. */
export function about(
  state: CaseCrossing,
  handoff: Handoff,
): Pick<EventData<"handoff.lapsed">, "handoffId" | "vendor" | "queue" | "actor"> {
  return { handoffId: handoff.id, vendor: handoff.vendor, queue: handoff.queue, actor: automation(state.carrier) };
}

/** An offer that nobody accepted in time: the next step follows at once. */
export function lapse(decision: CrossingDecision, ground: Ground, at: Instant): CrossingDecision {
  const open = openOf(decision.state);
  if (open === undefined) return decision;
  const lapsed = tell(decision, at, "handoff.lapsed", about(decision.state, open));
  const ended = endOffer(lapsed, open, at, "lapsed");
  return cross(ended, ground, at, { reason: "lapsed" });
}

/** Takes an open hand-off back; the carrier has the case again. */
export function withdraw(
  decision: CrossingDecision,
  at: Instant,
  reason: EventData<"handoff.withdrawn">["reason"],
): CrossingDecision {
  const open = openOf(decision.state);
  if (open === undefined) return decision;
  const withdrawn = tell(decision, at, "handoff.withdrawn", { ...about(decision.state, open), reason });
  const { state, messages } = endOffer(withdrawn, open, at, "withdrawn");
  return { state: hold(state, state.carrier, at), messages };
}

function endOffer(
  { state, messages }: CrossingDecision,
  handoff: Handoff,
  at: Instant,
  reason: "lapsed" | "withdrawn",
): CrossingDecision {
  return tellEnded({ state: withoutWait(state), messages }, handoff, at, reason);
}

/** Every step is used up: that is not silence. */
function exhaust(decision: CrossingDecision, ground: Ground, at: Instant): CrossingDecision {
  const { state } = decision;
  const data = { actor: automation(state.carrier), lastResort: [...ground.line.lastResort] };
  return callLastResort(tell(decision, at, "line.exhausted", data), ground, at);
}

/** Calls the last resort, for the first time or again; it will be called once more after 1, 2, 4 … 60 minutes. */
export function callLastResort(decision: CrossingDecision, ground: Ground, at: Instant): CrossingDecision {
  const call = (waitsFor(decision.state, "last-resort")?.call ?? 0) + 1;
  const next = formatDuration(Math.min(2 ** (call - 1), 60) * 60_000);
  const { state, messages } = tell(decision, at, "last-resort.called", {
    actor: automation(decision.state.carrier),
    call,
    next,
    addresses: ground.line.lastResort.filter((address) => !address.startsWith("roster:")),
  });
  const waits = { for: "last-resort", call, sequence: state.sequence } as const;
  const called: CrossingDecision = { state: { ...state, waits }, messages };
  return pageLastResort(called, ground, at, call);
}
