import type { Instant } from "@crossline/contracts";
import type { CaseClocks, Clock } from "../clock/clock.ts";

/**
 * Returns the clocks without the firings after `at`. The timer may fire a threshold first, and only then read the record
 * whose time is `at`.
 */
export function withoutLaterFirings(state: CaseClocks, at: Instant): CaseClocks {
  const until = <C extends Clock>(clock: C): C => ({
    ...clock,
    fired: clock.fired.filter(({ firedAt }) => firedAt <= at),
  });
  return { ...state, clocks: state.clocks.map(until), ended: state.ended.map(until) };
}
