import type { ClockEvent, Instant } from "@crossline/contracts";
import type { Scope } from "../store/timeline-marks.ts";

/**
 * What a transaction did that others in this process want to hear of once it has committed. Hints to look sooner, never
 * the only news: whoever misses one looks at the table a moment later.
 */
export type Applied = {
  readonly caseIds: ReadonlySet<string>;
  /** Scopes of the wall whose earliest due instant may be this one now. */
  readonly armed: readonly (Scope & { readonly dueAt: Instant })[];
  /** Scopes of other timelines that may have something to fire. */
  readonly behindMark: readonly Scope[];
  readonly told: readonly ClockEvent[];
};
