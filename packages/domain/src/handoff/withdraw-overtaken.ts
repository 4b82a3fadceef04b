import type { ClockEvent, Instant } from "@crossline/contracts";
import { releaseAssignment } from "../pool/assign.ts";
import type { CrossingDecision } from "./case-crossing.ts";
import { withdrawHandoff } from "./offer.ts";
import { openHandoffOf, waitFor } from "./waits.ts";

/**
 * Withdraws an offer or assignment whose firing was overtaken, unless a vendor has accepted the offer or a person has claimed the
 * assignment.
 */
export function withdrawOvertaken(
  decision: CrossingDecision,
  event: Extract<ClockEvent, { type: "clock.overtaken" }>,
  at: Instant,
): CrossingDecision {
  const { firingIds } = event.data;
  const assignment = waitFor(decision.state, "pool")?.assignment;
  if (assignment?.phase === "assigned" && firingIds.includes(assignment.firingId ?? "")) {
    const { step, attempt } = assignment;
    const { state, messages } = releaseAssignment(decision, at, "overtaken");
    return { state: { ...state, next: { step, attempt } }, messages };
  }
  const handoff = openHandoffOf(decision.state);
  if (handoff?.firingId === undefined || handoff.phase === "accepted") return decision;
  if (!firingIds.includes(handoff.firingId)) return decision;
  const { state, messages } = withdrawHandoff(decision, at, "overtaken");
  return { state: { ...state, next: { step: handoff.step, attempt: handoff.attempt } }, messages };
}
