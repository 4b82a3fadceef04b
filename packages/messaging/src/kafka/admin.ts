import kafkajs from "kafkajs";
import type { Admin, ITopicConfig, Kafka } from "kafkajs";
import { backoffMs, pause } from "../backoff.ts";
import type { Log, PartitionName, TopicSpec } from "../broker.ts";
import { splitName } from "../partition.ts";
import type { OffsetReader } from "./offsets.ts";

// CommonJS: these names are not among those that Node finds in the module.
const { ConfigResourceTypes, ConfigSource } = kafkajs;

/** By which the settings of a topic are asked for. */
export const topicResource = ConfigResourceTypes.TOPIC;

const topicsReadyMs = 30_000;

export type AdminContext = {
  readonly kafka: Kafka;
  readonly offsets: OffsetReader;
  readonly log: Log;
  readonly keeps: readonly string[];
};

/** Makes the topics that are missing and waits until all can be used. Keeps trying for half a minute, then rejects. */
export async function ensureTopics(
  { kafka, offsets, log, keeps }: AdminContext,
  specs: readonly TopicSpec[],
): Promise<void> {
  const deadline = performance.now() + topicsReadyMs;
  for (let attempt = 0; ; attempt++) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      await makeMissing(admin, specs);
      // Metadata names a leader a moment before that broker knows of it, so the leaders themselves are asked.
      await offsets.ends(specs.map(({ topic }) => topic));
      const kept = specs.map(({ topic }) => topic).filter((topic) => keeps.includes(topic));
      if (kept.length > 0) await keepRecords(admin, kept, log);
      return;
    } catch (cause) {
      if (performance.now() > deadline) throw new Error("the topics could not be made ready", { cause });
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

/** Makes topics keep every record. A setting of the topic itself stays: kafkajs can only replace all of them together. */
async function keepRecords(admin: Admin, topics: readonly string[], log: Log): Promise<void> {
  const type = topicResource;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map((name) => ({ type, name })),
  });
  const altered = resources.flatMap(({ resourceName: name, configEntries }) => {
    const own = new Map(
      configEntries
        .filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG)
        .map(({ configName, configValue }) => [configName, configValue]),
    );
    if (endless.every(([setting, value]) => own.get(setting) === value)) return [];
    for (const [setting, value] of endless) own.set(setting, value);
    return [{ type, name, configEntries: [...own].map(([setting, value]) => ({ name: setting, value })) }];
  });
  if (altered.length === 0) return;
  await admin.alterConfigs({ validateOnly: false, resources: altered });
  log.info({ topics: altered.map(({ name }) => name) }, "these topics keep every record from now on");
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
