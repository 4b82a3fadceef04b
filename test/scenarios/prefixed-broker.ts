import type { Broker, FetchedBatch, PartitionName, TopicPartition } from "@crossline/messaging";

/** Returns a broker whose topics and groups have a prefix, so that several platforms can share one Kafka. */
export function prefixed(broker: Broker, prefix: string): Broker {
  const long = (topic: string): string => `${prefix}${topic}`;
  const short = <T extends TopicPartition>(of: T): T => ({ ...of, topic: of.topic.slice(prefix.length) });
  const shortName = (name: PartitionName): PartitionName => name.slice(prefix.length) as PartitionName;
  const { readPartition } = broker;
  return {
    ...broker,
    ensureTopics: (specs) => broker.ensureTopics(specs.map((spec) => ({ ...spec, topic: long(spec.topic) }))),
    send: (records) => broker.send(records.map((record) => ({ ...record, topic: long(record.topic) }))),
    subscribe: async (options) => {
      const subscription = await broker.subscribe({
        ...options,
        group: long(options.group),
        topics: options.topics.map(long),
        onAssigned: async (partitions) => {
          const positions = await options.onAssigned(partitions.map(short));
          return new Map([...positions].map(([name, next]) => [long(name) as PartitionName, next]));
        },
        onRevoked: (partitions) => options.onRevoked?.(partitions.map(short)),
        onRecords: (batch: FetchedBatch) => options.onRecords({ ...short(batch), records: batch.records.map(short) }),
      });
      return {
        ...subscription,
        stop: () => subscription.stop(),
        assigned: () => subscription.assigned().map(short),
        lastFetchAgeMs: () => subscription.lastFetchAgeMs(),
      };
    },
    endOffsets: async (topics) =>
      new Map([...(await broker.endOffsets(topics.map(long)))].map(([name, end]) => [shortName(name), end])),
    ...(readPartition !== undefined && {
      readPartition: (place: TopicPartition) => readPartition({ ...place, topic: long(place.topic) }),
    }),
    close: () => broker.close(),
  };
}
