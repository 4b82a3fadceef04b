import { assignPartitions } from "../assign.ts";
import type { FetchedRecord, Log, PartitionName, SubscribeOptions, Subscription, TopicPartition } from "../broker.ts";
import { requestPositions } from "../deliver.ts";
import { partitionName } from "../partition.ts";
import { createPartitionBuffer } from "./partition-buffer.ts";
import type { PartitionBuffer } from "./partition-buffer.ts";
import type { MemoryTopics } from "./topics.ts";

type Member = {
  readonly id: string;
  readonly options: SubscribeOptions;
  assigned: readonly TopicPartition[];
  positioned: boolean;
};

/** All members with one group name. The group and its undelivered records remain when the last member leaves. */
export type Group = {
  join(options: SubscribeOptions): Subscription;
  reads(topic: string): boolean;
  /** Appends a record to the buffer of its partition. Calls `taken` when a member has taken the record. */
  push(record: FetchedRecord, taken: () => void): void;
  /** Drops undelivered records before this offset. */
  deleteBefore(partition: TopicPartition, offset: number): void;
  /** Assigns the partitions again after new topics have added partitions. */
  share(): void;
};

/** Creates a group without members. */
export function memoryGroup({ log, topics }: { readonly log: Log; readonly topics: MemoryTopics }): Group {
  const subscribed = new Set<string>();
  const buffers = new Map<PartitionName, PartitionBuffer>();
  let members: readonly Member[] = [];
  let joined = 0;
  let generation = new AbortController();
  let sharing: Promise<unknown> = Promise.resolve();

  const bufferOf = ({ topic, partition }: TopicPartition): PartitionBuffer => {
    const name = partitionName(topic, partition);
    const buffer =
      buffers.get(name) ?? createPartitionBuffer({ topic, partition }, () => topics.endOf({ topic, partition }));
    buffers.set(name, buffer);
    return buffer;
  };

  /**
   * Ends the generation, changes the members, and begins the next generation. The promise resolves when no handler of
   * the old generation runs any more. Then the group begins to request the positions.
   */
  const share = (change: () => void): Promise<unknown> => {
    generation.abort();
    for (const member of members) release(member);
    change();
    generation = new AbortController();
    const { signal } = generation;
    const idle = sharing.then(() => Promise.all([...buffers.values()].map((buffer) => buffer.idle())));
    sharing = idle
      .then(() => assign(signal))
      .catch((error: unknown) => log.error({ err: error }, "the partitions could not be assigned"));
    return idle;
  };

  const assign = async (ending: AbortSignal): Promise<void> => {
    if (ending.aborted) return;
    const counts = new Map([...topics.counts].filter(([topic]) => subscribed.has(topic)));
    const readers = members.map(({ id, options }) => ({ id, topics: options.topics }));
    const assignment = assignPartitions(readers, counts);
    await Promise.all(members.map((member) => take(member, assignment.get(member.id) ?? [], ending)));
  };

  const take = async (member: Member, assigned: TopicPartition[], ending: AbortSignal): Promise<void> => {
    const { options } = member;
    member.assigned = assigned;
    const positions = await requestPositions(options, assigned, ending, log);
    if (positions === undefined || ending.aborted) return;
    member.positioned = true;
    for (const partition of assigned) {
      const position = positions.get(partitionName(partition.topic, partition.partition));
      bufferOf(partition).read({ options, ending, log }, position);
    }
  };

  return {
    reads: (topic) => subscribed.has(topic),
    push: (record, taken) => bufferOf(record).push({ record, taken }),
    deleteBefore: (partition, offset) => bufferOf(partition).deleteBefore(offset),
    share: () => void share(() => {}),
    join(options) {
      const member: Member = { id: String(joined++).padStart(6, "0"), options, assigned: [], positioned: false };
      void share(() => {
        members = [...members, member];
        for (const topic of options.topics) subscribed.add(topic);
      });
      const leave = async (): Promise<void> => {
        await share(() => {
          members = members.filter((other) => other !== member);
        });
      };
      let left: Promise<void> | undefined;
      return {
        stop: () => (left ??= leave()),
        assigned: () => (member.positioned ? member.assigned : []),
        lastFetchAgeMs: () => (member.positioned ? 0 : Infinity),
      };
    },
  };
}

function release(member: Member): void {
  const { assigned, options } = member;
  member.assigned = [];
  member.positioned = false;
  if (assigned.length > 0) options.onRevoked?.(assigned);
}
