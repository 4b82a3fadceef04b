import type { Message } from "@crossline/contracts";
import {
  type Broker,
  type FetchedRecord,
  type PartitionName,
  type SubscribeOptions,
  type WireRecord,
  partitionName,
  partitionOf,
  toWire,
} from "@crossline/messaging";
import { partitions } from "./timers-cases.ts";

/**
 * A broker without a server. The broker hands the timer's records to `sent` at once. The timer reads the records of `feed`.
 */
export type StubBroker = Broker & { feed(messages: readonly Message[]): void; waiting(): number };

/**
 * Returns the broker of one member, which has every `members`-th partition. Several processes thus share the work
 * without a group.
 */
export function stubBroker(sent: (records: readonly WireRecord[]) => void, member = 0, members = 1): StubBroker {
  const ends = new Map<PartitionName, number>();
  const queues = new Map<PartitionName, { records: FetchedRecord[]; busy: boolean }>();
  let reader: SubscribeOptions | undefined;
  const ownPartitions = Array.from({ length: partitions }, (_, partition) => partition).filter(
    (partition) => partition % members === member,
  );

  async function handOut(name: PartitionName): Promise<void> {
    const queue = queues.get(name);
    if (queue === undefined || queue.busy || reader === undefined) return;
    queue.busy = true;
    while (queue.records.length > 0) {
      const records = queue.records.splice(0, 500);
      const [{ topic, partition }, last] = [records[0] as FetchedRecord, records.at(-1) as FetchedRecord];
      await reader.onRecords({ topic, partition, records, nextOffset: last.offset + 1, end: ends.get(name) } as never);
    }
    queue.busy = false;
  }

  return {
    name: "memory",
    ensureTopics: async () => {},
    send: async (records) => sent(records),
    endOffsets: async (topicNames) =>
      new Map(
        topicNames.flatMap((topic) =>
          Array.from({ length: partitions }, (_, partition): [PartitionName, number] => {
            const name = partitionName(topic, partition);
            return [name, ends.get(name) ?? 0];
          }),
        ),
      ),
    async subscribe(options) {
      const assigned = options.topics.flatMap((topic) => ownPartitions.map((partition) => ({ topic, partition })));
      const positions = await options.onAssigned(assigned);
      for (const [name, position] of positions) ends.set(name, position ?? 0);
      reader = options;
      return { stop: async () => void (reader = undefined), assigned: () => assigned, lastFetchAgeMs: () => 0 };
    },
    deleteRecords: async () => {},
    partitionOf,
    close: async () => {},
    feed(messages) {
      const touched = new Set<PartitionName>();
      for (const message of messages) {
        const { key, headers, value } = toWire(message, "/crossline/intake");
        const partition = partitionOf(key, partitions);
        const name = partitionName(message.topic, partition);
        const offset = ends.get(name) ?? 0;
        ends.set(name, offset + 1);
        const queue = queues.get(name) ?? { records: [], busy: false };
        queues.set(name, queue);
        queue.records.push({ topic: message.topic, partition, offset, key, headers, value, timestamp: 0 });
        touched.add(name);
      }
      for (const name of touched) void handOut(name);
    },
    waiting: () => queues.values().reduce((sum, { records }) => sum + records.length, 0),
  };
}
