import { type EventData, type Instant, derivedId, formatInstant } from "@crossline/contracts";
import { changeHolder } from "../holder-times.ts";
import { acceptByOf } from "./accept-by.ts";
import { aboutHandoff, appendHandoffEvent } from "./append-event.ts";
import type { CrossingDecision } from "./case-crossing.ts";
import type { CrossingDeps } from "./deps.ts";
import type { Handoff, HandoffTerms, OfferedHandoff } from "./handoff.ts";
import { appendQueueEvent, briefForDesk, endQueued } from "./vendor-queue.ts";
import { openHandoffOf, withOpen, withoutWait } from "./waits.ts";

/** The reason for a crossing. */
export type CrossingReason = Pick<
  EventData<"handoff.offered">,
  "reason" | "clock" | "firingId" | "threshold" | "dueAt" | "firedAt" | "trigger" | "missing"
>;

/** An offer: its queue, its line step, its time and its reason. */
export type Offer = Pick<HandoffTerms, "vendor" | "queue" | "mode" | "step" | "attempt"> & {
  readonly acceptWithin: string | undefined;
  readonly reason: CrossingReason;
};

/** Offers the case to a vendor's queue. The caller has checked that no other hand-off is open. */
export function offerCase(
  { state, messages }: CrossingDecision,
  deps: CrossingDeps,
  at: Instant,
  { vendor, queue, mode, step, attempt, acceptWithin, reason }: Offer,
): CrossingDecision {
  const terms = { offeredAt: at, ...(acceptWithin !== undefined && { acceptWithin }) };
  const acceptBy = acceptByOf(terms, deps.line, state.material.severity, at);
  const handoff: OfferedHandoff = {
    id: derivedId("ho", state.caseId, state.sequence + 1),
    vendor,
    queue,
    mode,
    step,
    attempt,
    ...terms,
    ...(acceptBy !== undefined && { acceptBy }),
    ...(reason.firingId !== undefined && { firingId: reason.firingId }),
    phase: "offered",
    token: 0,
  };
  const offered = appendHandoffEvent({ state: withOpen(state, handoff), messages }, at, {
    type: "handoff.offered",
    data: {
      ...aboutHandoff(state, handoff),
      step,
      attempt,
      mode,
      ...(acceptWithin !== undefined && { acceptWithin }),
      ...reason,
    },
  });
  return appendQueueEvent(offered, vendor, at, {
    type: "queue.offered",
    data: {
      handoffId: handoff.id,
      queue,
      mode,
      offeredAt: formatInstant(at),
      ...briefForDesk(offered.state, handoff, deps, at),
      claim: `/v1/queues/${queue}/handoffs/${handoff.id}/claim`,
    },
  });
}

/** Withdraws an open hand-off. The carrier is the holder again. */
export function withdrawHandoff(
  decision: CrossingDecision,
  at: Instant,
  reason: EventData<"handoff.withdrawn">["reason"],
): CrossingDecision {
  const open = openHandoffOf(decision.state);
  if (open === undefined) return decision;
  const data = { ...aboutHandoff(decision.state, open), reason };
  const withdrawn = appendHandoffEvent(decision, at, { type: "handoff.withdrawn", data });
  const { state, messages } = endOffer(withdrawn, open, at, "withdrawn");
  return { state: changeHolder(state, state.carrier, at), messages };
}

/** Ends an offer. The case waits for its next line step, and a queue record informs the vendor's desks about the end. */
export function endOffer(
  { state, messages }: CrossingDecision,
  handoff: Handoff,
  at: Instant,
  reason: EventData<"queue.ended">["reason"],
): CrossingDecision {
  return endQueued({ state: withoutWait(state), messages }, handoff, at, reason);
}
