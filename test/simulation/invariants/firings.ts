import type { DurationMs, Instant } from "@crossline/contracts";
import { type CaseClocks, type Clock, formatStart } from "@crossline/domain";
import { must } from "./violation.ts";

const invariant = "6: a deadline is its counted intervals";

/**
 * Checks each threshold that fired in one decision. The threshold must fire after its due instant. At the due instant,
 * the clock must have counted the threshold's share of the target. `readLate` is true if the timer has read an event of
 * this case after a later event.
 */
export function checkFirings(before: CaseClocks, after: CaseClocks, now: Instant, readLate: boolean): void {
  if (before.sequence === after.sequence) return;
  const older = [...before.clocks, ...before.ended];
  const earlier = new Set(older.flatMap(({ fired }) => fired));
  for (const clock of [...after.clocks, ...after.ended]) {
    for (const [index, firing] of clock.fired.entries()) {
      if (earlier.has(firing)) continue;
      const { dueAt, firedAt } = firing;
      must(invariant, firedAt >= dueAt && now > dueAt, () => `${clock.name} fired early`);
      const share = (targetMs: DurationMs): DurationMs => Math.ceil((targetMs * clock.thresholds[index]!) / 100);
      const wanted = share(clock.targetMs);
      const counted = countedUntil(clock, dueAt);
      // An event that was read late corrects the intervals, so the counted time can be less than at the firing.
      if (counted < wanted && readLate) continue;
      // An event can change the target or the start of a clock. A threshold that was due before this event fires in the same decision,
      // with the old values. If a change makes a threshold overdue, the threshold fires at the instant of the change.
      const asItWas = [clock, ...older.filter(({ name }) => name === clock.name)];
      const isRight = asItWas.some(({ targetMs, notBefore }) => {
        const targets = share(targetMs);
        return counted === targets || (dueAt === notBefore && counted > targets);
      });
      const says = (): string =>
        `${clock.name} ${formatStart(clock.start)} of ${after.caseId} fired after ${counted} counted ms instead of ${wanted}`;
      must(invariant, isRight, says);
    }
  }
}

function countedUntil({ counted }: Clock, at: Instant): DurationMs {
  return counted.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to ?? Infinity, at) - from), 0);
}
