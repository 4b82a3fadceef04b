import type { DurationMs } from "@crossline/contracts";
import { isEnded, isUnsolved } from "../../case/status.ts";
import { planNeedBy } from "../../line/need-by.ts";
import { type ClockInput, type KindRules, isFinalEnd, startClock } from "../change.ts";
import { isBreached } from "../counting.ts";

/**
 * Runs until the latest safe crossing for the need-by. If the latest safe crossing has passed, the clock is due at once. The
 * customer's confirmation meets the need-by, and so does a kept promise for the need-by.
 */
export const needBy: KindRules = {
  ends: (clock, change) => {
    const { event, after, line } = change;
    if (after.needByMet === true || after.needBy === undefined || isFinalEnd(change)) return true;
    // If the need-by moves to a later instant after the breach, the new need-by is a new obligation, with new warnings and
    // pages.
    if (event.type !== "case.corrected" || event.data.needBy === undefined || !isBreached(clock)) return false;
    return (latestSafeCrossing(after, line, event.time) ?? -Infinity) > event.time;
  },
  pausesIn: (status) => !isUnsolved(status),
  isInstant: true,
  starts: (change, rule) => {
    const { event, after, line } = change;
    if (!begins(event) || isEnded(after.status) || after.needByMet === true) return undefined;
    const targetMs = planTarget(after, line, { startedAt: event.time });
    return targetMs === undefined
      ? undefined
      : startClock(change, rule, { charged: after.carrier, targetMs, own: true });
  },
  hours: "always",
  target: "own",
  plans: planTarget,
  implied: { target: "P1D", where: ({ needBy: plan }) => plan !== undefined },
  pausedWhile: "never",
  merge: "owed",
  breach: { does: "page", reason: "need-by" },
};

function begins(event: ClockInput): boolean {
  if (event.type === "case.corrected") return event.data.needBy !== undefined;
  return event.type === "case.opened" || event.type === "case.moved" || event.type === "case.merged";
}

type PlanTarget = NonNullable<KindRules["plans"]>;

/** Returns the time from the start of the clock until the latest safe crossing, by the plan of the line. */
function planTarget(...[after, line, { startedAt }]: Parameters<PlanTarget>): DurationMs | undefined {
  const latest = latestSafeCrossing(after, line, startedAt);
  return latest === undefined ? undefined : Math.max(0, latest - startedAt);
}

function latestSafeCrossing(
  { needBy: wanted }: Parameters<PlanTarget>[0],
  { needBy: plan }: Parameters<PlanTarget>[1],
  at: number,
): number | undefined {
  return wanted === undefined || plan === undefined ? undefined : planNeedBy(plan, wanted, at).latestSafeCrossing;
}
