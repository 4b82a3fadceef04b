import type { PartitionName } from "@crossline/messaging";
import { expect, test } from "vitest";
import { createCaughtUp } from "../src/consumer/caught-up.ts";

const topics = ["case", "handoff"];
const ends = (a: number, b: number) =>
  new Map<PartitionName, number>([
    ["case/0", a],
    ["handoff/0", b],
  ]);

function judge(a: number, b: number) {
  const positions = new Map<PartitionName, number>([
    ["case/0", a],
    ["handoff/0", b],
  ]);
  return { positions, caughtUp: createCaughtUp(topics, (name) => positions.get(name)) };
}

test("a partition is caught up only if the records of all its topics are applied up to the same poll", () => {
  const { positions, caughtUp } = judge(5, 2);
  expect(caughtUp.isCaughtUp(0, 0)).toBe(false);
  caughtUp.polled(0, 10, ends(5, 3));
  expect(caughtUp.isCaughtUp(0, 10)).toBe(false);
  positions.set("handoff/0", 3);
  expect(caughtUp.isCaughtUp(0, 10)).toBe(true);
  expect(caughtUp.isCaughtUp(1, 10)).toBe(false);
});

test("a partition with steady traffic is caught up while its lag is under 3 s", () => {
  const { positions, caughtUp } = judge(0, 0);
  for (let second = 0; second < 10; second++) {
    caughtUp.polled(second * 1_000, second * 1_000 + 5, ends(second * 100, 0));
    positions.set("case/0", (second - 2) * 100);
    expect(caughtUp.isCaughtUp(0, second * 1_000 + 5)).toBe(second >= 2);
    positions.set("case/0", (second - 3) * 100);
    expect(caughtUp.isCaughtUp(0, second * 1_000 + 5)).toBe(false);
  }
});

test("without a poll in the last 3 s, no partition is caught up", () => {
  const { caughtUp } = judge(1, 1);
  caughtUp.polled(0, 10, ends(1, 1));
  expect(caughtUp.isCaughtUp(0, 3_000)).toBe(true);
  expect(caughtUp.isCaughtUp(0, 3_001)).toBe(false);
});

test("after a failed or slow poll no partition is caught up until polls have succeeded for 5 s", () => {
  for (const spoil of ["failed", "slow"]) {
    const { caughtUp } = judge(1, 1);
    caughtUp.polled(0, 10, ends(1, 1));
    if (spoil === "failed") caughtUp.failed();
    else caughtUp.polled(1_000, 4_500, ends(1, 1));
    expect(caughtUp.isCaughtUp(0, 100)).toBe(false);
    for (let at = 5_000; at < 10_000; at += 1_000) {
      caughtUp.polled(at, at + 10, ends(1, 1));
      expect(caughtUp.isCaughtUp(0, at + 20)).toBe(false);
    }
    caughtUp.polled(10_000, 10_010, ends(1, 1));
    expect(caughtUp.isCaughtUp(0, 10_020)).toBe(true);
  }
});

test("`lag` returns the number of records by topic, which is never negative", () => {
  const { caughtUp } = judge(7, 4);
  expect(caughtUp.lag([0], 0)).toBeUndefined();
  caughtUp.polled(0, 1, ends(10, 2));
  expect(caughtUp.lag([0], 5_000)).toEqual({ case: 3, handoff: 0 });
  expect(caughtUp.lag([], 5_000)).toEqual({ case: 0, handoff: 0 });
  expect(caughtUp.lag([0], 5_001)).toBeUndefined(); // The last successful poll is now too old.
  expect(caughtUp.ageMs(5_001)).toBe(5_001);
});

test("a partition without a position has no lag, because its first offset is unknown", () => {
  const { positions, caughtUp } = judge(7, 4);
  caughtUp.polled(0, 1, ends(10, 8));
  expect(caughtUp.behind([0])).toBe(7);
  positions.delete("case/0");
  expect(caughtUp.behind([0])).toBe(4);
});
