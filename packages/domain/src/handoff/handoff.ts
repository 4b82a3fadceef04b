import type { CrossingMode, DurationMs, Instant } from "@crossline/contracts";

/**
 * One crossing of a case to a vendor's queue, in each of its phases. docs/hand-offs.md and docs/rules/states.md show the
 * transitions. Tests compare these two documents with the code.
 */
export type Handoff = OfferedHandoff | LeasedHandoff | AcceptedHandoff;

/** The fields of a hand-off in every phase. */
export type HandoffTerms = {
  readonly id: string;
  readonly vendor: string;
  readonly queue: string;
  readonly mode: CrossingMode;
  readonly step: number;
  readonly attempt: number;
  readonly offeredAt: Instant;
  readonly acceptWithin?: string;
  /**
   * The instant at which the offer lapses if the vendor does not accept the offer. The line step gives the time of the offer.
   * If the step gives no time, the line's clock gives the time.
   */
  readonly acceptBy?: Instant;
  /** The firing that caused the crossing, if a clock caused it. */
  readonly firingId?: string;
  /**
   * Present if an information request has paused the vendor's time. The vendor's time counts as if routing had made the offer
   * at `countsFrom`.
   */
  readonly countsFrom?: Instant;
  /** The fencing token of the latest claim; 0 before the first claim. A command with an older token is refused. */
  readonly token: number;
};

export type OfferedHandoff = HandoffTerms & { readonly phase: "offered" };

/** A lease excludes other claims. A lease is not a deadline. The next claim checks whether the lease has expired. */
export type Lease = {
  readonly leaseUntil: Instant;
  /** The person who has the lease, if the desk names a person. */
  readonly claimedBy?: string;
};

export type ClaimedHandoff = HandoffTerms & Lease & { readonly phase: "claimed" };

/** A hand-off with an open information request. The vendor's time is paused until the reply. */
export type AskingHandoff = HandoffTerms &
  Lease & {
    readonly phase: "info-requested";
    /** The sequence of the information request on the hand-off topic. */
    readonly asked: number;
    readonly askedFor?: readonly string[];
    /** The vendor's open time that had passed at the request. */
    readonly goneMs: DurationMs;
  };

/** A hand-off that a desk has claimed and the vendor has not accepted yet. */
export type LeasedHandoff = ClaimedHandoff | AskingHandoff;

export type AcceptedHandoff = HandoffTerms & { readonly phase: "accepted" };

/** Returns a hand-off without the fields of its phase. */
export function termsOf(handoff: Handoff): HandoffTerms {
  switch (handoff.phase) {
    case "offered":
    case "accepted": {
      const { phase: _, ...terms } = handoff;
      return terms;
    }
    case "claimed": {
      const { phase: _, leaseUntil: __, claimedBy: ___, ...terms } = handoff;
      return terms;
    }
    case "info-requested": {
      const {
        phase: _,
        leaseUntil: __,
        claimedBy: ___,
        asked: ____,
        askedFor: _____,
        goneMs: ______,
        ...terms
      } = handoff;
      return terms;
    }
  }
}
