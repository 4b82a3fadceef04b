import type { DurationMs, Instant } from "@crossline/contracts";
import { type CaseClocks, type Clock, formatStart } from "@crossline/domain";
import { must } from "./violation.ts";

const invariant = "6: a deadline is its counted intervals";

/**
 * Each threshold that fired in one decision did so after its due instant, and that is where the counted intervals reach it.
 * `heardLate`: the timer has heard something of this case only after a later thing.
 */
export function checkFirings(before: CaseClocks, after: CaseClocks, now: Instant, heardLate: boolean): void {
  if (before.sequence === after.sequence) return;
  const older = [...before.clocks, ...before.ended];
  const known = new Set(older.flatMap(({ fired }) => fired));
  for (const clock of [...after.clocks, ...after.ended]) {
    for (const [index, firing] of clock.fired.entries()) {
      if (known.has(firing)) continue;
      const { dueAt, firedAt } = firing;
      must(invariant, firedAt >= dueAt && now > dueAt, () => `${clock.name} fired early`);
      const share = (targetMs: DurationMs): DurationMs => Math.ceil((targetMs * clock.thresholds[index]!) / 100);
      const wanted = share(clock.targetMs);
      const counted = countedUntil(clock, dueAt);
      // What was counted beyond a thing that was heard late is taken back: it explains what should have been.
      if (counted < wanted && heardLate) continue;
      // What fires just before a change of its target, or of its start, fires by the clock as it was, in the same decision. Where
      // an earlier change had left it without time, it fires at that change.
      const asItWas = [clock, ...older.filter(({ name }) => name === clock.name)];
      const isRight = asItWas.some(({ targetMs, notBefore }) => {
        const targets = share(targetMs);
        return counted === targets || (dueAt === notBefore && counted > targets);
      });
      const says = (): string =>
        `${clock.name} ${formatStart(clock.start)} of ${after.caseId} fired at ${wanted} ms and had counted ${counted}`;
      must(invariant, isRight, says);
    }
  }
}

function countedUntil({ counted }: Clock, at: Instant): DurationMs {
  return counted.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to ?? Infinity, at) - from), 0);
}
