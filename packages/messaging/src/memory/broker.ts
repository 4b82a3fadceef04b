import type { Broker, Log, PartitionName, Subscription, WireRecord } from "../broker.ts";
import { partitionOf, splitName } from "../partition.ts";
import { checkSizes } from "../record-size.ts";
import { memoryGroup } from "./group.ts";
import type { Group } from "./group.ts";
import { memoryTopics } from "./topics.ts";

/** The options of the in-process broker. */
export type MemoryOptions = {
  readonly log: Log;
  /**
   * The names of all groups that will subscribe. The broker delivers no record before all these groups have subscribed.
   * Without this list, the groups that subscribe last would miss records that were sent during the start.
   */
  readonly groups?: readonly string[];
  /** The maximum number of records in flight, default 50,000. The broker rejects a `send` above the maximum. */
  readonly onTheWayMax?: number;
};

/**
 * Creates the in-process broker. The broker stores nothing, but loses no record of a sender that uses an outbox. `send`
 * waits for every group, even for a group without members. The outbox keeps every record until `send` has resolved, so
 * the relay sends an unread record again after a restart. `close` rejects the sends that still wait.
 */
export function memoryBroker({ log, groups: expected = [], onTheWayMax = 50_000 }: MemoryOptions): Broker {
  const topics = memoryTopics();
  const groups = new Map<string, Group>();
  const subscriptions = new Set<Subscription>();
  const sends = new Set<{ records: readonly WireRecord[]; reject: (error: Error) => void }>();
  const missing = new Set(expected);
  const delayed: (() => void)[] = [];
  let onTheWay = 0;

  const handOver = (records: readonly WireRecord[], resolve: () => void): void => {
    let open = 1;
    const taken = (): void => {
      if (--open === 0) resolve();
    };
    for (const wire of records) {
      const record = topics.place(wire);
      for (const group of groups.values()) {
        if (!group.reads(record.topic)) continue;
        open++;
        group.push(record, taken);
      }
    }
    taken();
  };

  const send = async (records: readonly WireRecord[]): Promise<void> => {
    if (closed !== undefined) throw new Error("the broker is closed");
    checkSizes(records);
    for (const { topic, partition = 0 } of records) topics.check(topic, partition);
    if (onTheWay > 0 && onTheWay + records.length > onTheWayMax) throw new Error("too many records are in flight");
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const entry = { records, reject };
    sends.add(entry);
    onTheWay += records.length;
    if (missing.size > 0) delayed.push(() => handOver(records, resolve));
    else handOver(records, resolve);
    try {
      await promise;
    } finally {
      sends.delete(entry);
      onTheWay -= records.length;
    }
  };

  const close = async (): Promise<void> => {
    for (const { reject } of sends) reject(new Error("the broker is closed"));
    await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
  };
  let closed: Promise<void> | undefined;

  return {
    name: "memory",
    async ensureTopics(specs) {
      const made = topics.make(specs);
      for (const group of groups.values()) if (made.some((topic) => group.reads(topic))) group.share();
    },
    send,
    async subscribe(options) {
      const group = groups.get(options.group) ?? memoryGroup({ log, topics });
      groups.set(options.group, group);
      const subscription = group.join(options);
      subscriptions.add(subscription);
      missing.delete(options.group);
      if (missing.size === 0) for (const release of delayed.splice(0)) release();
      return subscription;
    },
    endOffsets: async (names) => new Map(names.flatMap((topic) => topics.endsOf(topic))),
    deleteRecords: async (before) => deleteBefore([...groups.values()], before),
    partitionOf,
    close: () => (closed ??= close()),
  };
}

function deleteBefore(groups: readonly Group[], before: ReadonlyMap<PartitionName, number>): void {
  for (const [name, offset] of before) {
    const place = splitName(name);
    for (const group of groups) if (group.reads(place.topic)) group.deleteBefore(place, offset);
  }
}
