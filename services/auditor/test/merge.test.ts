import { expect, test } from "vitest";
import { type AuditedClock, nextDue, pauseCounting, resumeCounting } from "../src/rules/audited-clock.ts";
import { always } from "../src/rules/calendar.ts";
import { beginEarlier } from "../src/rules/merge.ts";

const minute = 60_000;
const clockAt = (began: number): AuditedClock => ({
  name: "reply",
  kind: "reply",
  incarnation: "clock/14",
  charged: "northtel",
  began,
  target: 24 * 60 * minute,
  thresholds: [100],
  next: 0,
  spent: 0,
  counted: [],
  from: began,
  restedAt: began,
});

test("after a merge, a pause before the old start of a clock delays the clock", () => {
  // The clock restarted at its breach in minute 5, which the timer fired late. The merge gives it the deadline in minute 10. An answer in
  // minute 0 pauses the clock for 1 ms.
  const clock = clockAt(5 * minute);
  beginEarlier(clock, 10 * minute - clock.target, clock.target - 5 * minute);
  expect(nextDue(clock, always)).toBe(10 * minute);
  pauseCounting(clock, 0, always);
  resumeCounting(clock, 1, undefined, always);
  expect(nextDue(clock, always)).toBe(10 * minute + 1);
});

test("after a merge, the first interval of a paused clock begins earlier", () => {
  const clock = clockAt(0);
  pauseCounting(clock, 2 * minute, always);
  beginEarlier(clock, -3 * minute, 3 * minute);
  expect(clock).toMatchObject({ began: -3 * minute, spent: 5 * minute, counted: [[-3 * minute, 2 * minute]] });
});
