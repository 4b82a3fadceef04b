import type { CrossingMode, DurationMs, Instant } from "@crossline/contracts";

/**
 * One crossing of a case to a vendor's queue.
 *
 *     offered ──claim──► claimed ──accept──► accepted ──resolve──► (ended: resolved)
 *        ▲  │             │ │  ▲                 ├──return──────► (ended: the carrier holds the case again)
 *        │  │             │ │  └─provide-info─┐  └──transfer────► (ended: another queue has the offer)
 *        │  │             │ └──request-info──► info-requested ──accept──► accepted
 *        │  └──lapse──┐   ├───────────reject───────┤
 *        └───release──┼───┘                        │
 *                     ▼                            ▼
 *                  (ended: the next line step follows)      any of the four ──withdraw──► (ended)
 *
 * docs/hand-offs.md has the table; a test derives both from the code.
 */
export type Handoff = OfferedHandoff | LeasedHandoff | AcceptedHandoff;

/** What a hand-off has in every phase. */
export type HandoffTerms = {
  readonly id: string;
  readonly vendor: string;
  readonly queue: string;
  readonly mode: CrossingMode;
  readonly step: number;
  readonly attempt: number;
  readonly offeredAt: Instant;
  readonly acceptWithin?: string;
  /** When it lapses unless a vendor accepts it: by the step, else by the line's clock. */
  readonly acceptBy?: Instant;
  /** The firing that made it cross, where a clock did. */
  readonly firingId?: string;
  /** Since when its time counts, where it rested meanwhile: as if it had been offered then. */
  readonly countsFrom?: Instant;
  /** The fencing token of the latest claim; 0 before the first. An older token is refused. */
  readonly token: number;
};

export type OfferedHandoff = HandoffTerms & { readonly phase: "offered" };

/** A desk keeps others out. That is exclusion and no deadline: the next claim judges whether the lease has run out. */
export type Lease = {
  readonly leaseUntil: Instant;
  /** The person who holds the lease, where the desk says who it is. */
  readonly claimedBy?: string;
};

export type ClaimedHandoff = HandoffTerms & Lease & { readonly phase: "claimed" };

/** The vendor has asked, and its time rests until it has its answer. */
export type AskingHandoff = HandoffTerms &
  Lease & {
    readonly phase: "info-requested";
    /** Of the hand-off topic, the sequence of the question. */
    readonly asked: number;
    readonly askedFor?: readonly string[];
    /** Open time of the vendor's that was gone when it asked. */
    readonly goneMs: DurationMs;
  };

/** A desk has it, and its vendor has not accepted it. */
export type LeasedHandoff = ClaimedHandoff | AskingHandoff;

export type AcceptedHandoff = HandoffTerms & { readonly phase: "accepted" };

/** A hand-off without what belongs to its phase. */
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
