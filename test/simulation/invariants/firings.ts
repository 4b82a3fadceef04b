import type { DurationMs, Instant } from "@crossline/contracts";
import { type CaseClocks, type Clock, formatStart } from "@crossline/domain";
import { must } from "./violation.ts";

const invariant = "6: a deadline is its counted intervals";

/**
 * Checks each threshold that fired in one decision. It must fire after its due instant, and its counted time must reach the
 * threshold at that instant. `readLate` is true if the timer has read an event of this case after a later one.
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
      // A late event reduces the counted time, because the explanation shows the correct intervals.
      if (counted < wanted && readLate) continue;
      // A threshold that is due before a change of its target or start fires under the old clock, in the same decision. If an earlier
      // change left no time, the threshold fires at that change.
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
