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

test("all topics of the partition have to be applied up to one look", () => {
  const { positions, caughtUp } = judge(5, 2);
  expect(caughtUp.isCaughtUp(0, 0)).toBe(false);
  caughtUp.looked(0, 10, ends(5, 3));
  expect(caughtUp.isCaughtUp(0, 10)).toBe(false);
  positions.set("handoff/0", 3);
  expect(caughtUp.isCaughtUp(0, 10)).toBe(true);
  expect(caughtUp.isCaughtUp(1, 10)).toBe(false);
});

test("a stream that never ends is caught up with as long as it lags less than 3 s", () => {
  const { positions, caughtUp } = judge(0, 0);
  for (let second = 0; second < 10; second++) {
    caughtUp.looked(second * 1_000, second * 1_000 + 5, ends(second * 100, 0));
    positions.set("case/0", (second - 2) * 100);
    expect(caughtUp.isCaughtUp(0, second * 1_000 + 5)).toBe(second >= 2);
    positions.set("case/0", (second - 3) * 100);
    expect(caughtUp.isCaughtUp(0, second * 1_000 + 5)).toBe(false);
  }
});

test("without a look of the last 3 s nobody knows", () => {
  const { caughtUp } = judge(1, 1);
  caughtUp.looked(0, 10, ends(1, 1));
  expect(caughtUp.isCaughtUp(0, 3_000)).toBe(true);
  expect(caughtUp.isCaughtUp(0, 3_001)).toBe(false);
});

test("after a look that failed, or took too long, 5 s of good ones come first", () => {
  for (const spoil of ["failed", "slow"]) {
    const { caughtUp } = judge(1, 1);
    caughtUp.looked(0, 10, ends(1, 1));
    if (spoil === "failed") caughtUp.failed();
    else caughtUp.looked(1_000, 4_500, ends(1, 1));
    expect(caughtUp.isCaughtUp(0, 100)).toBe(false);
    for (let at = 5_000; at < 10_000; at += 1_000) {
      caughtUp.looked(at, at + 10, ends(1, 1));
      expect(caughtUp.isCaughtUp(0, at + 20)).toBe(false);
    }
    caughtUp.looked(10_000, 10_010, ends(1, 1));
    expect(caughtUp.isCaughtUp(0, 10_020)).toBe(true);
  }
});

test("lag is told by topic, and never negative", () => {
  const { caughtUp } = judge(7, 4);
  expect(caughtUp.lag([0], 0)).toBeUndefined();
  caughtUp.looked(0, 1, ends(10, 2));
  expect(caughtUp.lag([0], 5_000)).toEqual({ case: 3, handoff: 0 });
  expect(caughtUp.lag([], 5_000)).toEqual({ case: 0, handoff: 0 });
  expect(caughtUp.lag([0], 5_001)).toBeUndefined(); // Kafka has been away for so long that nobody knows.
  expect(caughtUp.ageMs(5_001)).toBe(5_001);
});

test("what was never read is not behind: nobody knows where its topic begins", () => {
  const { positions, caughtUp } = judge(7, 4);
  caughtUp.looked(0, 1, ends(10, 8));
  expect(caughtUp.behind([0])).toBe(7);
  positions.delete("case/0");
  expect(caughtUp.behind([0])).toBe(4);
});
