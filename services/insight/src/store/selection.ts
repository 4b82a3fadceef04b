import type { Channel, Instant } from "@crossline/contracts";

/** The cases of one carrier that a report compares: opened from `from` on and before `to`, with the given values. */
export type CaseSelection = {
  readonly timeline: string;
  readonly carrier: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly os?: string | undefined;
  readonly model?: string | undefined;
  readonly channel?: Channel | undefined;
};
