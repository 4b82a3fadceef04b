import type { HandoffPhase, Instant } from "@crossline/contracts";

/** The stored phase of a hand-off, and the lease if a desk has one. */
type StoredPhase<Phase> = { readonly phase: Phase; readonly leaseUntil?: Instant | null | undefined };

/**
 * Returns the phase of a hand-off at an instant. After the lease has expired, the hand-off is offered again, and any person of
 * the desk may claim it. A lease is still valid at its last instant. Every response about a hand-off uses this function.
 */
export function phaseAt<Phase extends HandoffPhase>(
  { phase, leaseUntil }: StoredPhase<Phase>,
  at: Instant,
): Phase | "offered" {
  const isLeased = phase === "claimed" || phase === "info-requested";
  return isLeased && typeof leaseUntil === "number" && leaseUntil < at ? "offered" : phase;
}
