import type { DurationMs, Instant } from "@crossline/contracts";
import { subtractOpen } from "../calendar/calendar.ts";
import type { NeedByPlan } from "./line.ts";

/** The feasibility of a need-by, and the latest safe crossing. */
export type Feasibility = {
  readonly verdict: "green" | "amber" | "red";
  /**
   * The need-by, less the fix time and the margin. The fix time is the time within which nine of ten fixes are complete, in the
   * vendor's open hours.
   */
  readonly latestSafeCrossing: Instant;
  /** The time until the latest safe crossing; negative if that instant has passed. */
  readonly spareMs: DurationMs;
};

const amberMs = 3_600_000;

/**
 * Calculates the feasibility backwards from the customer's need-by (docs/rules/promise.md). Amber means that less than an hour
 * is left to decide.
 */
export function planNeedBy({ cureMs, hours, marginMs }: NeedByPlan, needBy: Instant, at: Instant): Feasibility {
  const latestSafeCrossing = subtractOpen(hours, needBy, cureMs) - marginMs;
  const spareMs = latestSafeCrossing - at;
  return { verdict: spareMs < 0 ? "red" : spareMs < amberMs ? "amber" : "green", latestSafeCrossing, spareMs };
}
