import type { ClockOfLine } from "../history.ts";

const warnAt = [5, 14, 23, 32, 41, 50, 59, 68, 77, 86];
const thresholds = [...warnAt, 100];
const seconds = (from: number, step: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index * step);

/** The time after which a solved case closes automatically without a contact of its customer. */
export const confirmationMs = 10_000;

/**
 * Lines with many thresholds. The checker can calculate the firings from the events of a case, because no clock changes
 * the firings of another clock.
 */
export const lines: Readonly<Record<string, readonly ClockOfLine[]>> = {
  /**
   * No person answers the customer. The line has eight clocks with eleven thresholds. All clocks breach, and no case
   * crosses.
   */
  unanswered: seconds(10, 3, 8).map((target) => ({
    name: `answer-${target}`,
    kind: "first-response",
    targetMs: target * 1000,
    thresholds,
  })),
  /** A customer is on the phone and there is no progress. The case crosses. */
  stalling: [{ name: "stall-busy", kind: "stall.busy", targetMs: 12_000, thresholds }],
  /** Like `stalling`, but with a longer target. A rep makes progress before the breach. */
  saved: [{ name: "stall-busy", kind: "stall.busy", targetMs: 20_000, thresholds }],
  /** A solved case closes automatically. If the customer writes, the carrier owes an answer until a person answers. */
  solved: [
    { name: "closing", kind: "confirmation", targetMs: confirmationMs, thresholds: [50, 100] },
    { name: "reply", kind: "reply", targetMs: 10_000, thresholds: [50, 100] },
  ],
};

/** Returns a line as its carrier publishes it. */
export function lineDocument(name: string, vendor: string, lastResort: string): object {
  return {
    line: name,
    calendar: "24x7",
    clocks: (lines[name] ?? []).map((clock) => ({
      name: clock.name,
      kind: clock.kind,
      target: `PT${clock.targetMs / 1000}S`,
      warnAt: clock.thresholds.filter((percent) => percent < 100),
    })),
    crossing: [{ to: `queue:${vendor}.desk`, acceptWithin: "PT30M" }],
    lastResort: [lastResort],
  };
}
