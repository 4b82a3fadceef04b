import type { DurationMs, Instant } from "@crossline/contracts";
import { isUnsolved } from "../../case/status.ts";
import type { Line } from "../../line/line.ts";
import { planNeedBy } from "../../line/need-by.ts";
import { type KindRules, startClock } from "../change.ts";
import type { CaseClocks } from "../clock.ts";

/** Runs until the latest safe crossing for the customer's own deadline; where that is over already it is due at once. */
export const needBy: KindRules = {
  ends: (_, { event, after }) => !isUnsolved(after.status) || event.type === "promise.delivered",
  starts: (change, rule) => {
    const { event, after, line } = change;
    const begins = event.type === "case.opened" || event.type === "case.moved" || event.type === "case.merged";
    if (!begins || !isUnsolved(after.status)) return undefined;
    const targetMs = needByTarget(after, line, event.time);
    if (targetMs === undefined) return undefined;
    return startClock(change, rule, { charged: after.carrier, targetMs, own: true });
  },
};

/** From `startedAt` until the latest safe crossing by the line's plan; undefined where nothing can be planned. */
export function needByTarget(
  { needBy: wanted }: CaseClocks,
  { needBy: plan }: Line,
  startedAt: Instant,
): DurationMs | undefined {
  if (wanted === undefined || plan === undefined) return undefined;
  return Math.max(0, planNeedBy(plan, wanted, startedAt).latestSafeCrossing - startedAt);
}
