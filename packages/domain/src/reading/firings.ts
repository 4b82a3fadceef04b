import type { Instant } from "@crossline/contracts";
import type { CaseClocks, Clock } from "../clock/clock.ts";

/**
 * Returns the clocks without the firings after an instant. The timer may have fired thresholds before it read a record whose
 * time is that instant.
 */
export function withoutLaterFirings(state: CaseClocks, at: Instant): CaseClocks {
  const until = <C extends Clock>(clock: C): C => ({
    ...clock,
    fired: clock.fired.filter(({ firedAt }) => firedAt <= at),
  });
  return { ...state, clocks: state.clocks.map(until), ended: state.ended.map(until) };
}
