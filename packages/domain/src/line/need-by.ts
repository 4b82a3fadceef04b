import type { DurationMs, Instant } from "@crossline/contracts";
import { subtractOpen } from "../calendar/calendar.ts";
import type { NeedByPlan } from "./line.ts";

/** Whether a need-by can be met, and until when the case has to cross for it. */
export type Feasibility = {
  readonly verdict: "green" | "amber" | "red";
  /** need-by − how long nine of ten cures take in the vendor's hours − the margin. */
  readonly latestSafeCrossing: Instant;
  /** What is left until then; negative where it is too late already, by so much. */
  readonly spareMs: DurationMs;
};

const amberMs = 3_600_000;

/** Plans back from the customer's need-by (docs/rules/promise.md). Amber means that less than an hour is left to decide. */
export function planNeedBy({ cureMs, hours, marginMs }: NeedByPlan, needBy: Instant, at: Instant): Feasibility {
  const latestSafeCrossing = subtractOpen(hours, needBy, cureMs) - marginMs;
  const spareMs = latestSafeCrossing - at;
  return { verdict: spareMs < 0 ? "red" : spareMs < amberMs ? "amber" : "green", latestSafeCrossing, spareMs };
}
