import { partitionOf } from "@crossline/messaging";
import { describe, expect, test } from "vitest";
import { assignPartitions } from "../src/assign.ts";
import { murmur2 } from "../src/partition.ts";
import { cutIntoRequests } from "../src/kafka/producer.ts";
import { findStartOffset } from "../src/start-offset.ts";

describe("the partition of a key", () => {
  // From UtilsTest.java of Apache Kafka.
  test.each([
    ["21", -973_932_308],
    ["foobar", -790_332_482],
    ["a-little-bit-long-string", -985_981_536],
    ["a-little-bit-longer-string", -1_486_304_829],
    ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971],
    ["abc", 479_470_107],
  ])("`partitionOf` uses the same hash as Kafka: %s", (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
    expect(partitionOf(key, 12)).toBe((hash & 0x7fffffff) % 12);
  });
});

describe("the partitions of a group", () => {
  const counts = new Map([
    ["case", 12],
    ["clock", 12],
  ]);
  const member = (id: string, topics = ["case", "clock"]): { id: string; topics: string[] } => ({ id, topics });

  test.each([1, 2, 3, 5, 12, 20])(
    "each of %i members gets an equal share of the partitions, the same partitions of every topic",
    (members) => {
      const assignment = assignPartitions(
        Array.from({ length: members }, (_, index) => member(`m${index}`)),
        counts,
      );
      expect([...assignment.values()].flat()).toHaveLength(24);
      for (const partitions of assignment.values()) {
        const of = (topic: string): number[] => partitions.filter((it) => it.topic === topic).map((it) => it.partition);
        expect(of("case")).toEqual(of("clock"));
        expect(of("case").length).toBeGreaterThanOrEqual(Math.floor(12 / members));
        expect(of("case").length).toBeLessThanOrEqual(Math.ceil(12 / members));
      }
    },
  );

  test("the assignment does not depend on the order of the members", () => {
    const members = [member("b"), member("a"), member("c")];
    expect(assignPartitions(members, counts)).toEqual(assignPartitions(members.toReversed(), counts));
  });

  test("a partition goes only to a member that reads its topic, if such a member exists", () => {
    const assignment = assignPartitions([member("new"), member("old", ["case"])], counts);
    expect(assignment.get("old")?.every(({ topic }) => topic === "case")).toBe(true);
    expect([...assignment.values()].flat()).toHaveLength(24);
  });
});

describe("the start offset", () => {
  const range = { low: 10, high: 20 };
  test.each([
    { position: 15, fromBeginning: true, from: 15 },
    { position: 10, fromBeginning: true, from: 10 },
    { position: 20, fromBeginning: false, from: 20 },
    { position: 9, fromBeginning: false, from: 10 },
    { position: 21, fromBeginning: false, from: 10 },
    { position: undefined, fromBeginning: true, from: 10 },
    { position: undefined, fromBeginning: false, from: 20 },
  ])("position $position of 10 to 20, fromBeginning $fromBeginning: reading begins at $from", (it) => {
    expect(findStartOffset(it.position, range, it.fromBeginning)).toBe(it.from);
  });
});

describe("a send that is larger than a request", () => {
  const record = (index: number, length: number): { topic: string; key: string; headers: {}; value: string } => ({
    topic: index % 2 === 0 ? "case" : "clock",
    key: "ann",
    headers: {},
    value: `${index}`.padEnd(length, "x"),
  });

  test("the producer splits a large send into requests, and every topic keeps its order", () => {
    const requests = cutIntoRequests(
      Array.from({ length: 100 }, (_, index) => record(index, 500)),
      10_000,
    );
    expect(requests.length).toBeGreaterThanOrEqual(6);
    for (const topic of ["case", "clock"]) {
      const values = requests.flat().flatMap((it) => (it.topic === topic ? it.messages.map(({ value }) => value) : []));
      const numbers = values.map((value) => Number.parseInt(String(value), 10));
      expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index * 2 + (topic === "case" ? 0 : 1)));
    }
  });

  test("a record that is larger than a request is sent in a request of its own", () => {
    expect(cutIntoRequests([record(0, 10), record(2, 5_000), record(4, 10)], 1_000)).toHaveLength(3);
  });
});
