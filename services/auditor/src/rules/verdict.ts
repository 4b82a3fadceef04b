import type { EventOf, Instant } from "@crossline/contracts";

/** A firing on the clock topic. */
export type Firing = EventOf<"clock.warned" | "clock.breached">;

/**
 * The auditor's verdict about a firing. The verdict is `unsure` if the auditor cannot compare the firing, because the order of the
 * records before the firing is unknown.
 */
export type FiringVerdict =
  | { readonly is: "as-expected" | "unsure" }
  | { readonly is: "late"; readonly latenessMs: number; readonly afterMissed: boolean }
  | {
      readonly is: "unfounded";
      readonly reason: "not-asked" | "wrong-instant" | "too-early" | "wrong-id" | "wrong-order";
      readonly expectedAt?: Instant;
    };
