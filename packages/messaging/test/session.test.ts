import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { partitionName } from "../src/partition.ts";
import { openSession } from "../src/kafka/session.ts";
import { silent } from "./readers.ts";

/** A stand-in for a kafkajs consumer, with only the methods that a session uses. `emit` raises an event of kafkajs. */
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
    emit: (name: string, payload: object = {}) => events.emit(`consumer.${name}`, { payload }),
  };
}

test("a member takes its partitions over again if its rejoin fails and it stays in its generation", async () => {
  const { kafka, sought, emit } = scriptedKafka();
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
  emit("group_join", { memberAssignment: { facts: [1] } });
  await expect.poll(() => sought).toEqual(["facts/1@7"]);
  emit("heartbeat");
  emit("rebalancing"); // Kafkajs tries to join, gets the error that the coordinator is loading, and continues to fetch.
  expect(revoked).toEqual([1]);
  emit("heartbeat");
  await expect.poll(() => sought).toEqual(["facts/1@7", "facts/1@7"]);
  expect(claimed).toEqual([["facts/1"], ["facts/1"]]);
  expect(session.assigned()).toMatchObject([{ topic: "facts", partition: 1, next: 7 }]);
  emit("heartbeat");
  expect(claimed).toHaveLength(2);
  await session.stop();
});
