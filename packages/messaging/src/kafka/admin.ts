import type { Admin, ITopicConfig, Kafka } from "kafkajs";
import { backoffMs, pause } from "../backoff.ts";
import type { PartitionName, TopicSpec } from "../broker.ts";
import { partitionName } from "../partition.ts";
import type { OffsetRange } from "../start-offset.ts";

const topicsReadyMs = 30_000;

export type KafkaAdmin = {
  ensureTopics(specs: readonly TopicSpec[]): Promise<void>;
  /** What each partition of these topics holds now. */
  ranges(topics: readonly string[]): Promise<Map<PartitionName, OffsetRange>>;
  close(): Promise<void>;
};

/** One connection for all questions, kept open; made anew after a failure. */
export function kafkaAdmin(kafka: Kafka): KafkaAdmin {
  let admin: Promise<Admin> | undefined;

  const connected = async (): Promise<Admin> => {
    const fresh = kafka.admin();
    await fresh.connect();
    return fresh;
  };
  const discard = (): Promise<void> => {
    const old = admin;
    admin = undefined;
    return (old?.then((it) => it.disconnect()) ?? Promise.resolve()).catch(() => {});
  };
  const ask = async <T>(question: (admin: Admin) => Promise<T>): Promise<T> => {
    try {
      admin ??= connected();
      return await question(await admin);
    } catch (error) {
      void discard();
      throw error;
    }
  };

  return {
    async ensureTopics(specs) {
      const deadline = performance.now() + topicsReadyMs;
      for (let attempt = 0; ; attempt++) {
        try {
          await ask((it) => makeTopics(it, specs));
          return;
        } catch (cause) {
          if (performance.now() > deadline) throw new Error("the topics could not be made ready", { cause });
        }
        await pause(backoffMs(attempt, 50, 1_000));
      }
    },
    ranges(topics) {
      return ask(async (it) => {
        const lists = await Promise.all(topics.map((topic) => it.fetchTopicOffsets(topic)));
        const ranges = new Map<PartitionName, OffsetRange>();
        for (const [index, list] of lists.entries()) {
          for (const { partition, low, high } of list) {
            ranges.set(partitionName(topics[index] ?? "", partition), { low: Number(low), high: Number(high) });
          }
        }
        return ranges;
      });
    },
    close: discard,
  };
}

/** Makes what is missing; rejects while the leader of any partition does not answer for it. */
async function makeTopics(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = specs.filter(({ topic }) => !existing.has(topic));
  if (missing.length > 0) {
    const replicas = Math.min(3, (await admin.describeCluster()).brokers.length);
    // Another process may make the same at this moment: "exists already" is no error to kafkajs.
    await admin.createTopics({
      topics: missing.map((spec) => topicConfig(spec, replicas)),
      waitForLeaders: false,
      timeout: 10_000,
    });
  }
  // Metadata names a leader a moment before that broker knows of it, so the leaders themselves are asked.
  await Promise.all(specs.map(({ topic }) => admin.fetchTopicOffsets(topic)));
}

function topicConfig({ topic, partitions, compacted }: TopicSpec, replicas: number): ITopicConfig {
  const configEntries = [{ name: "cleanup.policy", value: compacted ? "compact" : "delete" }];
  // With three copies an acknowledgement means two of them at least, so that losing one broker loses nothing.
  if (replicas >= 3) configEntries.push({ name: "min.insync.replicas", value: "2" });
  return { topic, numPartitions: partitions, replicationFactor: replicas, configEntries };
}
