import type { EventOf, Instant } from "@crossline/contracts";

/** A firing on the clock topic. */
export type Firing = EventOf<"clock.warned" | "clock.breached">;

/**
 * The result after the auditor has compared a firing. `unsure`: the order of the records before the firing is unknown, so the auditor
 * does not compare the firing.
 */
export type FiringVerdict =
  | { readonly is: "as-expected" | "unsure" }
  | { readonly is: "late"; readonly latenessMs: number; readonly afterMissed: boolean }
  | {
      readonly is: "unfounded";
      readonly reason: "not-asked" | "wrong-instant" | "too-early" | "wrong-id" | "wrong-order";
      readonly expectedAt?: Instant;
    };
