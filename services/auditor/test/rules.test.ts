import { describe, expect, test } from "vitest";
import { always as calendar } from "../src/rules/calendar.ts";
import { builtinLine, readLine } from "../src/rules/index.ts";
import { type AuditedClock, pauseCounting, nextDue, resumeCounting, restart } from "../src/rules/audited-clock.ts";
import { targetOf } from "../src/rules/obligation.ts";
import { createSteadiness } from "../src/workers/judge.ts";
import { idleLine } from "./records.ts";

/** Returns a clock that started at 0, with a target of 1,000 ms and a warning at 50 %. */
function meter(differing: Partial<AuditedClock> = {}): AuditedClock {
  const identity = { name: "busy", kind: "stall.busy", incarnation: "case/1", charged: "northtel", began: 0 } as const;
  return {
    ...identity,
    target: 1_000,
    thresholds: [50, 100],
    next: 0,
    spent: 0,
    counted: [],
    from: 0,
    restedAt: 0,
    ...differing,
  };
}

describe("`nextDue` returns the deadline of the next threshold", () => {
  test.each<[string, (one: AuditedClock) => void, number | undefined]>([
    ["the clock runs", () => {}, 500],
    ["the interval ends exactly at the deadline", (one) => (one.to = 500), 500],
    ["the interval ends before the deadline", (one) => (one.to = 499), undefined],
    ["the clock pauses at its deadline", (one) => pauseCounting(one, 500, calendar), 500],
    [
      "the clock paused before its deadline, and resumes",
      (one) => (pauseCounting(one, 200, calendar), resumeCounting(one, 900, undefined, calendar)),
      1_200,
    ],
    [
      "the clock resumes after a silence, which does not count",
      (one) => ((one.to = 300), resumeCounting(one, 900, 1_200, calendar)),
      1_100,
    ],
    [
      "a heartbeat in time moves the end of the interval",
      (one) => ((one.to = 300), resumeCounting(one, 200, 600, calendar)),
      500,
    ],
    [
      "the handling with the later end has ended",
      (one) => ((one.to = 600), resumeCounting(one, 100, 300, calendar)),
      undefined,
    ],
    ["the clock has breached", (one) => (one.next = 2), undefined],
    ["the clock restarts", (one) => restart(one, "clock/3", 2_000), 2_500],
  ])("if %s", (_, change, due) => {
    const one = meter();
    change(one);
    expect(nextDue(one, calendar)).toBe(due);
  });
});

test("a line that crosses implies clocks; a line that observes implies none", () => {
  const kinds = (mode: "cross" | "observe"): string[] =>
    readLine({ ...idleLine, mode }).obligations.map(({ kind }) => kind);
  expect(kinds("observe")).toEqual(["stall.idle"]);
  expect(kinds("cross")).toEqual([
    "stall.idle",
    "vendor.acceptance",
    "confirmation",
    "information",
    "joint",
    "reply",
    "promise",
  ]);
  expect(builtinLine.unaudited).toEqual([]);
});

test("if a line does not pin a calendar, the clocks with this calendar are unaudited", () => {
  const { obligations, unaudited } = readLine({ ...idleLine, calendar: "office" });
  expect(obligations).toEqual([]);
  expect(unaudited).toEqual([{ clock: "stall.idle", kind: "stall.idle", reason: "calendar" }]);
});

test.each([
  ["PT1H", "minor", false, 3_600_000],
  [{ critical: "PT1M", else: "PT2M" }, "critical", false, 60_000],
  [{ critical: "PT1M", else: "PT2M" }, "major", false, 120_000],
  [{ live: "PT30S", else: "PT2M" }, "major", true, 30_000],
  [{ else: "PT2M" }, "major", true, 120_000],
] as const)("the target %j of a %s case", (targets, severity, isLive, ms) => {
  expect(targetOf(targets, severity, isLive)).toBe(ms);
});

test("the judge may report a partition's missed firings only after a whole grace without unread records", () => {
  const steadiness = createSteadiness(1_000);
  const update = (at: number, isCaughtUp: boolean): number[] => [...steadiness.update([3], () => isCaughtUp, at)];
  expect([update(0, true), update(999, true), update(1_000, true)]).toEqual([[], [], [3]]);
  expect([update(1_100, false), update(1_200, true), update(2_100, true), update(2_200, true)]).toEqual([
    [],
    [],
    [],
    [3],
  ]);
  steadiness.reset();
  expect(update(2_300, true)).toEqual([]);
});
