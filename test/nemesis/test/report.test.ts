import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findingKinds } from "../checker/findings.ts";
import type { FaultNote } from "../history.ts";
import { latenessOf } from "../report.ts";

const note = (step: number, name: string, phase: FaultNote["phase"], at: number): FaultNote => ({
  e: "fault",
  step,
  name,
  phase,
  at,
});

const firing = (dueAt: number, lateMs: number) => {
  const firedAt = dueAt + lateMs;
  const place = { topic: "clock", partition: 0, offset: dueAt };
  return {
    id: `${dueAt}`,
    clock: "c",
    threshold: 100,
    startedAt: 0,
    dueAt,
    firedAt,
    stamp: firedAt,
    at: firedAt,
    place,
  };
};

test("lateness counts firings from a fault's start until shortly after its end, or until the next fault", () => {
  const faults = [
    note(0, "kill timer/0", "begins", 10_000),
    note(0, "kill timer/0", "over", 12_000),
    note(1, "broker-kill", "begins", 14_000),
    note(1, "broker-kill", "failed", 15_000),
  ];
  const firings = [
    firing(9_000, 7),
    firing(10_000, 4_000),
    firing(12_500, 1_000),
    firing(13_900, 900),
    firing(14_000, 9),
  ];
  expect(latenessOf({ firings, faults })).toEqual([
    {
      fault: "kill timer/0",
      lastedMs: 2_000,
      firings: 3,
      p50: 1_000,
      p99: 4_000,
      max: 4_000,
      afterMs: 2_000,
      targetMs: 7_000,
    },
  ]);
});

test("faults of one step are marked as such", () => {
  const faults = ["a", "b"].flatMap((name) => [note(0, name, "begins", 1), note(0, name, "over", 2)]);
  expect(latenessOf({ firings: [], faults }).map(({ fault }) => fault)).toEqual(["a (with 1 more)", "b (with 1 more)"]);
});

test("the README explains every kind of finding", () => {
  const text = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  expect(findingKinds.filter((kind) => !text.includes(`\`${kind}\``))).toEqual([]);
});
