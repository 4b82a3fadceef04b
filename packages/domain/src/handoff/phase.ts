import type { HandoffPhase, Instant } from "@crossline/contracts";

/** The phase that a hand-off was left in, and its lease where it has one. */
type StoredPhase<Phase> = { readonly phase: Phase; readonly leaseUntil?: Instant | null | undefined };

/**
 * The phase of a hand-off at an instant: once its lease has run out it is offered again, and any person of the desk may claim it.
 * A lease still holds at its last instant. Every answer about a hand-off asks this function: the vendor's queue, the hand-offs of
 * the case, and the case.
 */
export function phaseAt<Phase extends HandoffPhase>(
  { phase, leaseUntil }: StoredPhase<Phase>,
  at: Instant,
): Phase | "offered" {
  const isLeased = phase === "claimed" || phase === "info-requested";
  return isLeased && typeof leaseUntil === "number" && leaseUntil < at ? "offered" : phase;
}
