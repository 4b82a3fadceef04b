import type { EventOf, Instant } from "@crossline/contracts";

export type Firing = EventOf<"clock.warned" | "clock.breached">;

/** What a firing was found to be. `unsure`: the order of the records before it is not known, and it is not compared. */
export type FiringVerdict =
  | { readonly is: "as-expected" | "unsure" }
  | { readonly is: "late"; readonly latenessMs: number; readonly afterMissed: boolean }
  | {
      readonly is: "unfounded";
      readonly reason: "not-asked" | "wrong-instant" | "too-early" | "wrong-id" | "wrong-order";
      readonly expectedAt?: Instant;
    };
