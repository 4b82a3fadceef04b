import type { DurationMs, Instant } from "@crossline/contracts";
import type { CaseChange } from "./case-change.ts";
import type { AuditedClock } from "./audited-clock.ts";
import type { Obligation } from "./obligation.ts";

/** The values of a new clock that differ from the default: charged to the holder, with the line's target, without an end. */
export type StartTerms = {
  readonly name?: string;
  readonly charged?: string;
  readonly incarnation?: string;
  /** The clock's own target. The severity does not change it. */
  readonly target?: DurationMs;
  readonly until?: Instant;
} & Pick<AuditedClock, "live" | "page" | "step" | "unsure">;

type Clock = Pick<AuditedClock, "name" | "charged" | "incarnation" | "began" | "page">;

/** The rules of a clock kind. README.md describes them. */
export type KindRules = {
  readonly ends: (change: CaseChange, clock: Clock) => boolean;
  readonly starts: (change: CaseChange, obligation: Obligation) => StartTerms | false;
  /** Returns whether time counts after the event: for ever, until an instant, or not. Without this function, time counts for ever. */
  readonly counts?: (change: CaseChange, clock: Clock) => Instant | boolean;
  /**
   * Only for an obligation that a company owes until it is met. Its clock pauses while the case is solved, or only while the case is
   * ended. The clock ends when the case can no longer be reopened.
   */
  readonly pausesWhile?: "solved" | "ended";
  /** The clock ends at a fixed instant. When it resumes, it also counts the time of the pause. */
  readonly isWindow?: true;
};

/** Returns the target of a clock that ends at a fixed instant. A clock with a past instant is due at its start. */
export const upTo = ({ event }: CaseChange, instant: Instant): { target: DurationMs } => ({
  target: Math.max(0, instant - event.time),
});
