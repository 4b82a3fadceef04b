import kafkajs from "kafkajs";
import type { Admin, ITopicConfig, Kafka } from "kafkajs";
import { backoffMs, pause } from "../backoff.ts";
import type { Log, PartitionName, TopicSpec } from "../broker.ts";
import { splitName } from "../partition.ts";
import type { KafkaConnection } from "./client.ts";
import { describeClosedConnection } from "./fault.ts";
import type { OffsetReader } from "./offsets.ts";

// kafkajs is CommonJS, and Node does not detect these names as its exports.
const { ConfigResourceTypes, ConfigSource } = kafkajs;

/** The resource type of a topic in requests for its settings. */
export const topicResource = ConfigResourceTypes.TOPIC;

const topicsReadyMs = 30_000;

/** The parts of the broker that topic administration uses. `keeps` are the topics that keep every record. */
export type AdminContext = {
  readonly kafka: Kafka;
  readonly offsets: OffsetReader;
  readonly log: Log;
  readonly keeps: readonly string[];
  readonly connection: KafkaConnection;
};

/**
 * Creates missing topics and waits until all are usable. Retries for half a minute, then rejects. Right after the start of
 * Kafka, passwords and rights may not be loaded yet, so refusals are retried too.
 */
export async function ensureTopics(
  { kafka, offsets, log, keeps, connection }: AdminContext,
  specs: readonly TopicSpec[],
): Promise<void> {
  const deadline = performance.now() + topicsReadyMs;
  for (let attempt = 0; ; attempt++) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      await createMissing(admin, specs);
      // The metadata names a leader a moment before the leader itself knows its role. The request below therefore
      // queries the leaders themselves.
      await offsets.ends(specs.map(({ topic }) => topic));
      const endlessTopics = specs.map(({ topic }) => topic).filter((topic) => keeps.includes(topic));
      if (endlessTopics.length > 0) await keepRecords(admin, endlessTopics, log);
      return;
    } catch (cause) {
      if (performance.now() > deadline) {
        const closed = describeClosedConnection(cause, connection);
        throw new Error(closed ?? "the topics could not be made ready", { cause });
      }
    } finally {
      await admin.disconnect().catch(() => {});
    }
    await pause(backoffMs(attempt, 50, 1_000));
  }
}

const endless: readonly (readonly [string, string])[] = [
  ["retention.ms", "-1"],
  ["retention.bytes", "-1"],
];

/**
 * Sets unlimited retention for topics. Each request contains all settings of a topic, because kafkajs can only replace
 * all settings at once.
 */
async function keepRecords(admin: Admin, topics: readonly string[], log: Log): Promise<void> {
  const type = topicResource;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map((name) => ({ type, name })),
  });
  const altered = resources.flatMap(({ resourceName: name, configEntries }) => {
    const current = new Map(
      configEntries
        .filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG)
        .map(({ configName, configValue }) => [configName, configValue]),
    );
    if (endless.every(([setting, value]) => current.get(setting) === value)) return [];
    for (const [setting, value] of endless) current.set(setting, value);
    return [{ type, name, configEntries: [...current].map(([setting, value]) => ({ name: setting, value })) }];
  });
  if (altered.length === 0) return;
  await admin.alterConfigs({ validateOnly: false, resources: altered });
  log.info({ topics: altered.map(({ name }) => name) }, "these topics now keep every record");
}

/** Deletes the records before these offsets. */
export async function deleteRecords(kafka: Kafka, before: ReadonlyMap<PartitionName, number>): Promise<void> {
  const places = [...before].map(([name, offset]) => ({ ...splitName(name), offset: String(offset) }));
  const admin = kafka.admin();
  try {
    await admin.connect();
    for (const [topic, partitions] of Map.groupBy(places, (place) => place.topic)) {
      await admin.fetchTopicOffsets(topic); // makes kafkajs load the leaders of the partitions
      await admin.deleteTopicRecords({
        topic,
        partitions: partitions.map(({ partition, offset }) => ({ partition, offset })),
      });
    }
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

async function createMissing(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = specs.filter(({ topic }) => !existing.has(topic));
  if (missing.length === 0) return;
  const replicas = Math.min(3, (await admin.describeCluster()).brokers.length);
  // Another process can create the same topics at this moment, so kafkajs ignores the error "already exists".
  await admin.createTopics({
    topics: missing.map((spec) => topicConfig(spec, replicas)),
    waitForLeaders: false,
    timeout: 10_000,
  });
}

function topicConfig({ topic, partitions, compacted }: TopicSpec, replicas: number): ITopicConfig {
  const configEntries = [
    { name: "cleanup.policy", value: compacted ? "compact" : "delete" },
    // The broker sets the time of each record. With the client's time, the broker would refuse records of a client
    // whose clock is an hour ahead, and delete old records early.
    { name: "message.timestamp.type", value: "LogAppendTime" },
  ];
  // If a topic has three copies, at least two copies must store a record before Kafka acknowledges it. The loss of one
  // broker therefore loses no record.
  if (replicas >= 3) configEntries.push({ name: "min.insync.replicas", value: "2" });
  return { topic, numPartitions: partitions, replicationFactor: replicas, configEntries };
}
