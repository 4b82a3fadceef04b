import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { partitionName } from "../src/partition.ts";
import { openSession } from "../src/kafka/session.ts";
import { silent } from "./readers.ts";

/** A kafkajs consumer as far as a session hears and uses it; `tell` is what the library would emit. */
function scriptedKafka() {
  const events = new EventEmitter();
  const sought: string[] = [];
  const consumer = {
    on: (name: string, hear: (event: unknown) => void) => events.on(name, hear),
    connect: async () => {},
    subscribe: async () => {},
    run: async () => {},
    seek: ({ topic, partition, offset }: { topic: string; partition: number; offset: string }) =>
      sought.push(`${topic}/${partition}@${offset}`),
    commitOffsets: async () => {},
    disconnect: async () => {},
  };
  return {
    kafka: { consumer: () => consumer } as unknown as Parameters<typeof openSession>[0],
    sought,
    tell: (name: string, payload: object = {}) => events.emit(`consumer.${name}`, { payload }),
  };
}

test("a member that failed to rejoin and is one of the same generation again takes its partitions over anew", async () => {
  const { kafka, sought, tell } = scriptedKafka();
  const claimed: string[][] = [];
  const revoked: number[] = [];
  const session = openSession(
    kafka,
    {
      group: "some",
      topics: ["facts"],
      onAssigned: async (partitions) => {
        claimed.push(partitions.map(({ topic, partition }) => partitionName(topic, partition)));
        return new Map([[partitionName("facts", 1), 7]]);
      },
      onRevoked: (partitions) => void revoked.push(partitions.length),
      onRecords: async () => {},
      onCrash: () => {},
    },
    silent,
    async () => new Map([[partitionName("facts", 1), { low: 0, high: 9 }]]),
  );
  tell("group_join", { memberAssignment: { facts: [1] } });
  await expect.poll(() => sought).toEqual(["facts/1@7"]);
  tell("heartbeat");
  tell("rebalancing"); // Kafkajs asks to join, is told that the coordinator is loading, and goes back to fetching.
  expect(revoked).toEqual([1]);
  tell("heartbeat");
  await expect.poll(() => sought).toEqual(["facts/1@7", "facts/1@7"]);
  expect(claimed).toEqual([["facts/1"], ["facts/1"]]);
  expect(session.assigned()).toMatchObject([{ topic: "facts", partition: 1, next: 7 }]);
  tell("heartbeat");
  expect(claimed).toHaveLength(2);
  await session.stop();
});
