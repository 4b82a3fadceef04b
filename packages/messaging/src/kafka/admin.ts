import type { Admin, ITopicConfig, Kafka } from "kafkajs";
import { backoffMs, pause } from "../backoff.ts";
import type { PartitionName, TopicSpec } from "../broker.ts";
import { splitName } from "../partition.ts";
import type { OffsetReader } from "./offsets.ts";

const topicsReadyMs = 30_000;

/** Makes the topics that are missing and waits until all can be used. Keeps trying for half a minute, then rejects. */
export async function ensureTopics(kafka: Kafka, offsets: OffsetReader, specs: readonly TopicSpec[]): Promise<void> {
  const deadline = performance.now() + topicsReadyMs;
  for (let attempt = 0; ; attempt++) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      await makeMissing(admin, specs);
      // Metadata names a leader a moment before that broker knows of it, so the leaders themselves are asked.
      await offsets.ends(specs.map(({ topic }) => topic));
      return;
    } catch (cause) {
      if (performance.now() > deadline) throw new Error("the topics could not be made ready", { cause });
    } finally {
      await admin.disconnect().catch(() => {});
    }
    await pause(backoffMs(attempt, 50, 1_000));
  }
}

/** Deletes what lies before these offsets. */
export async function deleteRecords(kafka: Kafka, before: ReadonlyMap<PartitionName, number>): Promise<void> {
  const places = [...before].map(([name, offset]) => ({ ...splitName(name), offset: String(offset) }));
  const admin = kafka.admin();
  try {
    await admin.connect();
    for (const [topic, partitions] of Map.groupBy(places, (place) => place.topic)) {
      await admin.fetchTopicOffsets(topic); // or kafkajs does not know the partitions' leaders
      await admin.deleteTopicRecords({
        topic,
        partitions: partitions.map(({ partition, offset }) => ({ partition, offset })),
      });
    }
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

async function makeMissing(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = specs.filter(({ topic }) => !existing.has(topic));
  if (missing.length === 0) return;
  const replicas = Math.min(3, (await admin.describeCluster()).brokers.length);
  // Another process may make the same at this moment: "exists already" is no error to kafkajs.
  await admin.createTopics({
    topics: missing.map((spec) => topicConfig(spec, replicas)),
    waitForLeaders: false,
    timeout: 10_000,
  });
}

function topicConfig({ topic, partitions, compacted }: TopicSpec, replicas: number): ITopicConfig {
  const configEntries = [
    { name: "cleanup.policy", value: compacted ? "compact" : "delete" },
    // The broker's own time: it refuses records of a client whose clock is an hour ahead, and would delete old ones early.
    { name: "message.timestamp.type", value: "LogAppendTime" },
  ];
  // With three copies an acknowledgement means two of them at least, so that losing one broker loses nothing.
  if (replicas >= 3) configEntries.push({ name: "min.insync.replicas", value: "2" });
  return { topic, numPartitions: partitions, replicationFactor: replicas, configEntries };
}
