import type { DurationMs, Instant } from "@crossline/contracts";
import type { CaseChange } from "./case-change.ts";
import type { AuditedClock } from "./audited-clock.ts";
import type { Obligation } from "./obligation.ts";

/** How a clock begins, where it differs from: now, charged to the holder, with the line's target, without an end in sight. */
export type StartTerms = {
  readonly name?: string;
  readonly charged?: string;
  readonly incarnation?: string;
  /** Its own: the severity does not change it. */
  readonly target?: DurationMs;
  readonly until?: Instant;
} & Pick<AuditedClock, "live" | "page" | "step" | "unsure">;

type Clock = Pick<AuditedClock, "name" | "charged" | "incarnation" | "began" | "page">;

/** The rules of a kind; README.md says them in words. */
export type KindRules = {
  readonly ends: (change: CaseChange, clock: Clock) => boolean;
  readonly starts: (change: CaseChange, obligation: Obligation) => StartTerms | false;
  /** Whether time counts after this event: for ever, until an instant, or not. Without it: always. */
  readonly counts?: (change: CaseChange, clock: Clock) => Instant | boolean;
  /**
   * Owed to the customer until it is met: it rests while the case is solved, or only while it has ended, and ends with a case that
   * does not come back.
   */
  readonly pausesWhile?: "solved" | "ended";
  /** Counts without a gap when it goes on: its end is an instant of the world. */
  readonly isWindow?: true;
};

/** Until an instant; where it is past, a clock is due when it begins. */
export const upTo = ({ event }: CaseChange, instant: Instant): { target: DurationMs } => ({
  target: Math.max(0, instant - event.time),
});
