import type { DurationMs, Instant } from "@crossline/contracts";
import type { CaseChange } from "./case-change.ts";
import type { AuditedClock } from "./audited-clock.ts";
import type { Obligation } from "./obligation.ts";

/**
 * The values of a new clock that differ from the defaults. By default, the holder is charged, the target comes from the line, and the
 * clock counts without an end.
 */
export type StartTerms = {
  readonly name?: string;
  readonly charged?: string;
  readonly incarnation?: string;
  /** The clock's own target, which a new severity does not change. */
  readonly target?: DurationMs;
  readonly until?: Instant;
} & Pick<AuditedClock, "live" | "page" | "member" | "step" | "unsure">;

type Clock = Pick<AuditedClock, "name" | "charged" | "incarnation" | "began" | "page" | "member">;

/** The rules of a clock kind. README.md describes them. */
export type KindRules = {
  readonly ends: (change: CaseChange, clock: Clock) => boolean;
  readonly starts: (change: CaseChange, obligation: Obligation) => StartTerms | false;
  /**
   * Returns whether the clock counts after the event, or the instant until which the clock counts. If a kind has no function
   * `counts`, the clocks of this kind always count.
   */
  readonly counts?: (change: CaseChange, clock: Clock) => Instant | boolean;
  /**
   * Present for an obligation that a company owes until it is met. The clock pauses while the case is solved, or only while the case is
   * ended. The clock ends when the case reaches a final end.
   */
  readonly pausesWhile?: "solved" | "ended";
  /**
   * True if the deadline of the clock is a fixed instant. When a clock with a fixed deadline resumes, the clock counts the time of the
   * pause too.
   */
  readonly isWindow?: true;
};

/**
 * Returns the target of a clock whose deadline is a fixed instant. If the instant is in the past, the target is 0, and the clock is
 * due at its start.
 */
export const upTo = ({ event }: CaseChange, instant: Instant): { target: DurationMs } => ({
  target: Math.max(0, instant - event.time),
});
