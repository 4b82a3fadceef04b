import type { Message } from "@crossline/contracts";
import {
  type Broker,
  type FetchedRecord,
  type LostOffsets,
  type PartitionName,
  partitionName,
  partitionOf,
  type SubscribeOptions,
  type TopicPartition,
  toWire,
  type WireRecord,
} from "@crossline/messaging";

/**
 * A broker under the control of a test. The test decides when it assigns partitions, which records it delivers, how
 * often, and in which order.
 */
export function fakeBroker(topics: readonly string[], partitions: number) {
  const logs = new Map<PartitionName, FetchedRecord[]>();
  const members: Member[] = [];
  const sent: WireRecord[][] = [];
  const state = { down: false, onSend: async (_records: readonly WireRecord[]): Promise<void> => {} };

  function logOf({ topic, partition }: TopicPartition): FetchedRecord[] {
    const name = partitionName(topic, partition);
    const log = logs.get(name) ?? [];
    logs.set(name, log);
    return log;
  }

  function append(wire: WireRecord): FetchedRecord {
    const { topic, key, headers, value } = wire;
    const partition = wire.partition ?? partitionOf(key, partitions);
    const log = logOf({ topic, partition });
    const record = { topic, partition, offset: log.length, key, headers, value, timestamp: 0 };
    log.push(record);
    return record;
  }

  const broker: Broker = {
    name: "memory",
    ensureTopics: async () => {},
    async send(records) {
      await state.onSend(records);
      sent.push([...records]);
      for (const record of records) append(record);
    },
    async subscribe(options) {
      const member = createMember(options, logOf);
      members.push(member);
      return {
        async stop() {
          member.revoke();
        },
        assigned: () => member.assigned,
        lastFetchAgeMs: () => 0,
      };
    },
    async endOffsets() {
      if (state.down) throw new Error("the broker is away");
      const names = topics.flatMap((topic) =>
        Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
      );
      return new Map(names.map((place) => [partitionName(place.topic, place.partition), logOf(place).length]));
    },
    deleteRecords: async () => {},
    partitionOf,
    close: async () => {},
  };

  return {
    broker,
    sent,
    state,
    members,
    all: topics.flatMap((topic) => Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))),
    /** Appends a message to its topic. */
    append: (message: Message) => append(toWire(message, "/test")),
    /** Appends any record to a topic. */
    appendRaw(record: Omit<FetchedRecord, "offset" | "timestamp">): void {
      const log = logOf(record);
      log.push({ ...record, offset: log.length, timestamp: 0 });
    },
    /** Returns all records of a partition. */
    logOf,
  };
}

export type FakeBroker = ReturnType<typeof fakeBroker>;
export type Member = ReturnType<typeof createMember>;

function createMember(options: SubscribeOptions, logOf: (place: TopicPartition) => FetchedRecord[]) {
  const positions = new Map<PartitionName, number>();
  const busy = new Map<PartitionName, Promise<void>>();

  async function deliverAfter(
    last: Promise<void> | undefined,
    place: TopicPartition,
    count: number,
    from: number | undefined,
  ): Promise<void> {
    await last;
    const name = partitionName(place.topic, place.partition);
    const start = from ?? positions.get(name) ?? 0;
    const records = logOf(place).slice(start, start + count);
    if (records.length === 0) return;
    const nextOffset = start + records.length;
    await options.onRecords({ ...place, records, nextOffset, highWatermark: logOf(place).length });
    positions.set(name, Math.max(nextOffset, positions.get(name) ?? 0));
  }

  const member = {
    assigned: [] as readonly TopicPartition[],
    async assign(places: readonly TopicPartition[]): Promise<void> {
      const stored = await options.onAssigned(places);
      member.assigned = places;
      positions.clear();
      for (const { topic, partition } of places) {
        const name = partitionName(topic, partition);
        positions.set(name, stored.get(name) ?? 0);
      }
    },
    /** Revokes the partitions of a member as a rebalance does. A test does not call this function for a zombie. */
    revoke(): void {
      const revoked = member.assigned;
      member.assigned = [];
      options.onRevoked?.(revoked);
    },
    /**
     * Delivers up to `count` records from the member's position or from an earlier offset. Waits first for the previous
     * delivery of the partition. Rejects if the handler rejects.
     */
    deliver(place: TopicPartition, count = Infinity, from?: number): Promise<void> {
      const name = partitionName(place.topic, place.partition);
      const delivery = deliverAfter(busy.get(name), place, count, from);
      busy.set(
        name,
        delivery.catch(() => {}),
      );
      return delivery;
    },
    /** Reports the loss of all records of a partition from the member's position to the end. */
    lose(place: TopicPartition): Promise<void> {
      const from = positions.get(partitionName(place.topic, place.partition)) ?? 0;
      return member.reportLoss(place, { from, to: logOf(place).length });
    },
    async reportLoss(place: TopicPartition, lost: LostOffsets): Promise<void> {
      const { to } = lost;
      await options.onRecords({ ...place, records: [], nextOffset: to, highWatermark: to, lost });
      positions.set(partitionName(place.topic, place.partition), to);
    },
    /** Delivers all records of all partitions, concurrently. */
    async deliverAll(): Promise<void> {
      await Promise.all(member.assigned.map((place) => member.deliver(place)));
    },
  };
  return member;
}
