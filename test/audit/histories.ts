import { formatInstant } from "@crossline/contracts";
import fc from "fast-check";
import { drawnEvents } from "./drawn-events.ts";
import { lines } from "./lines.ts";

/** The start of every history: Saturday, 7 March 2026. */
export const start = Date.UTC(2026, 2, 7, 14);
export const caseId = "cs_00000000000000000000000001";

export type Step = {
  readonly gap: number;
  readonly which: number;
  /** The delay after which the timer reads the event. Only the wall timeline has delays. */
  readonly delay: number;
  /** True if the timer's scanner runs just before the timer reads the event. */
  readonly wakes: boolean;
  /** The number of the latest records on the other topic that the publisher of this event had not applied. */
  readonly unknown: number;
  /**
   * True if the timer or the auditor reads this record before the record that precedes it. Neither record is a cause of the other
   * record.
   */
  readonly timerSwaps: boolean;
  readonly auditorSwaps: boolean;
  /** The number of records of the clock topic that the auditor reads before this event. */
  readonly clocksFirst: number;
};

const gaps = fc.oneof(
  fc.integer({ min: 0, max: 180_000 }),
  fc.constantFrom(0, 60_000, 90_000, 150_000, 180_000, 600_000), // A gap of this length can put an event exactly at a deadline.
  fc.integer({ min: 0, max: 2_000 }),
  fc.integer({ min: 0, max: 7_200_000 }),
);
const delays = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 8_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 900_000 }) }, // A delay from this range means that the timer was down.
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    gap: gaps,
    which: fc.nat({ max: drawnEvents.length - 1 }),
    delay: delays,
    wakes: fc.boolean(),
    unknown: fc.constantFrom(0, 0, 1, 3),
    timerSwaps: fc.boolean(),
    auditorSwaps: fc.boolean(),
    clocksFirst: fc.nat({ max: 3 }),
  }),
  { maxLength: 60, size: "max" },
);
const hourMs = 3_600_000;
const needBys = [undefined, ...[1, 3, 30].map((hours) => formatInstant(start + hours * hourMs))];
const opening = fc.record({
  severity: fc.constantFrom("critical", "major", "minor"),
  channel: fc.constantFrom("phone", "mail"),
  status: fc.constantFrom("acknowledged", "acknowledged", "pending", "resolved", "closed"),
  which: fc.nat({ max: lines.length - 1 }),
  needBy: fc.constantFrom(...needBys),
  timeline: fc.constantFrom("wall", "stp_0000000000000000000000000a", "imp_0000000000000000000000000a"),
});

/**
 * Generates histories. A history contains the events of a case, and the delays and the order in which services read the
 * events.
 */
export const histories = fc.record({
  opening,
  steps,
  tailMs: fc.constantFrom(0, hourMs, hourMs, 4 * hourMs, 73 * hourMs),
});
export type History = typeof histories extends fc.Arbitrary<infer T> ? T : never;
