import type { Cluster, Kafka } from "kafkajs";
import type { PartitionName, TopicPartition } from "../broker.ts";
import { partitionName } from "../partition.ts";
import type { OffsetRange } from "../start-offset.ts";

export type OffsetReader = {
  /** The offset after the last record that can be read, of every partition. */
  ends(topics: readonly string[]): Promise<Map<PartitionName, number>>;
  ranges(topics: readonly string[]): Promise<Map<PartitionName, OffsetRange>>;
  close(): Promise<void>;
};

/**
 * Asks brokers for the ends of partitions, over a connection of its own that is kept open (a consumer's is no use: while
 * a fetch waits there, whatever comes after it waits as well). One request for all topics: kafkajs' admin makes three for
 * each, and polling five topics once a second with it costs an idle service a quarter of a percent of a core.
 */
export function kafkaOffsets(kafka: Kafka): OffsetReader {
  let cluster: Promise<Cluster> | undefined;
  let tail: Promise<unknown> = Promise.resolve();

  const discard = (): Promise<void> => {
    const old = cluster;
    cluster = undefined;
    return (old?.then((it) => it.disconnect()) ?? Promise.resolve()).catch(() => {});
  };
  const askNow = async <T>(question: (cluster: Cluster) => Promise<T>): Promise<T> => {
    try {
      cluster ??= connectedCluster(kafka);
      return await question(await cluster);
    } catch (cause) {
      void discard(); // with what it believed about leaders
      throw new Error("Kafka does not say where the topics end", { cause });
    }
  };
  // One question at a time: one that fails takes the connection with it, and no other must be on that.
  const ask = <T>(question: (cluster: Cluster) => Promise<T>): Promise<T> => {
    const answer = tail.then(() => askNow(question));
    tail = answer.catch(() => {});
    return answer;
  };
  const ends = (topics: readonly string[]): Promise<Map<PartitionName, number>> =>
    ask((it) => offsets(it, topics, false));

  return {
    ends,
    async ranges(topics) {
      const [lows, highs] = [await ask((it) => offsets(it, topics, true)), await ends(topics)];
      return new Map([...highs].map(([name, high]) => [name, { low: lows.get(name) ?? 0, high }]));
    },
    close: discard,
  };
}

/** The one thing of kafkajs that has `fetchTopicsOffset` is handed to assigners, so an assigner takes it. */
export async function connectedCluster(kafka: Kafka): Promise<Cluster> {
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
  if (cluster === undefined) throw new Error("kafkajs no longer hands a cluster to assigners");
  await cluster.connect();
  return cluster;
}

/** What one partition holds now. The topic's metadata is known to the cluster afterwards. */
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
  const answers = await cluster.fetchTopicsOffset(
    topics.map((topic) => ({
      topic,
      fromBeginning,
      partitions: cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId })),
    })),
  );
  return new Map(
    answers.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [partitionName(topic, partition), Number(offset)] as const),
    ),
  );
}
