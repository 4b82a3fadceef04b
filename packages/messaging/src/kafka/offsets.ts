import type { Cluster, Kafka } from "kafkajs";
import type { PartitionName, TopicPartition } from "../broker.ts";
import { partitionName } from "../partition.ts";
import type { OffsetRange } from "../start-offset.ts";

/** Reads the offsets of partitions from the brokers. */
export type OffsetReader = {
  /** Returns the offset after the last readable record, for every partition. */
  ends(topics: readonly string[]): Promise<Map<PartitionName, number>>;
  ranges(topics: readonly string[]): Promise<Map<PartitionName, OffsetRange>>;
  close(): Promise<void>;
};

/**
 * Queries brokers for the ends of partitions, over a separate connection that stays open. Kafka responds to the
 * requests of a connection in order. On the consumer's connection, a query would therefore wait for the end of the
 * previous fetch. The function sends one request for all topics. The admin client of kafkajs would send three requests
 * for each topic. With the admin client, polls of five topics once a second took 0.25 % of a core.
 */
export function kafkaOffsets(kafka: Kafka): OffsetReader {
  let cluster: Promise<Cluster> | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  const discard = (): Promise<void> => {
    const old = cluster;
    cluster = undefined;
    return (old?.then((it) => it.disconnect()) ?? Promise.resolve()).catch(() => {});
  };
  const sendQuery = async <T>(request: (cluster: Cluster) => Promise<T>): Promise<T> => {
    try {
      cluster ??= connectCluster(kafka);
      return await request(await cluster);
    } catch (cause) {
      void discard(); // also drops the metadata about leaders
      throw new Error("Kafka did not return the ends of the topics", { cause });
    }
  };
  // Sends one request at a time, because a failed request closes the connection, and a concurrent request on this
  // connection would also fail.
  const query = <T>(request: (cluster: Cluster) => Promise<T>): Promise<T> => {
    const response = tail.then(() => sendQuery(request));
    tail = response.catch(() => {});
    return response;
  };
  const ends = (topics: readonly string[]): Promise<Map<PartitionName, number>> =>
    query((it) => offsets(it, topics, false));

  return {
    ends,
    async ranges(topics) {
      const [lows, highs] = [await query((it) => offsets(it, topics, true)), await ends(topics)];
      return new Map([...highs].map(([name, high]) => [name, { low: lows.get(name) ?? 0, high }]));
    },
    close: discard,
  };
}

/**
 * Returns a connected cluster of kafkajs, which has `fetchTopicsOffset`. Kafkajs passes its cluster only to assigners,
 * so a temporary assigner receives it.
 */
export async function connectCluster(kafka: Kafka): Promise<Cluster> {
  const taken: Cluster[] = [];
  kafka.consumer({
    groupId: "never-joined",
    allowAutoTopicCreation: false,
    partitionAssigners: [
      ({ cluster }) => {
        taken.push(cluster);
        return {
          name: "none",
          version: 0,
          assign: async () => [],
          protocol: () => ({ name: "none", metadata: noMetadata }),
        };
      },
    ],
  });
  const [cluster] = taken;
  if (cluster === undefined) throw new Error("kafkajs no longer gives its cluster to assigners");
  await cluster.connect();
  return cluster;
}

/** Returns the present first and end offsets of a partition, and loads the topic's metadata into the cluster. */
export async function readRange(cluster: Cluster, { topic, partition }: TopicPartition): Promise<OffsetRange> {
  const name = partitionName(topic, partition);
  const low = (await offsets(cluster, [topic], true)).get(name) ?? 0;
  return { low, high: (await offsets(cluster, [topic], false)).get(name) ?? 0 };
}

const noMetadata = Buffer.alloc(0);

async function offsets(
  cluster: Cluster,
  topics: readonly string[],
  fromBeginning: boolean,
): Promise<Map<PartitionName, number>> {
  if (topics.length === 0) return new Map();
  await cluster.addMultipleTargetTopics([...topics]);
  await cluster.refreshMetadataIfNecessary();
  const responses = await cluster.fetchTopicsOffset(
    topics.map((topic) => ({
      topic,
      fromBeginning,
      partitions: cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId })),
    })),
  );
  return new Map(
    responses.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [partitionName(topic, partition), Number(offset)] as const),
    ),
  );
}
