import { queueTopic } from "@crossline/contracts";
import type { Broker, WireRecord } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { listVendors } from "../store/parties.ts";

/**
 * Creates the queue topics of a vendor as soon as routing has read the new vendor. If a queue topic is still missing, `broker`
 * creates it before the first record.
 */
export type QueueTopics = {
  /**
   * The relay's broker. Before the broker sends a record, it creates a missing queue topic. A record without a topic would
   * block all later records of the relay. If Kafka is down, the send fails and the relay retries.
   */
  readonly broker: Broker;
  /**
   * Starts the loop that creates the topics of new vendors, so that the vendors' consumers find the topics. The caller must
   * wake the loop when routing has read a new vendor.
   */
  readonly start: (database: Database, log: Log) => Loop;
};

const listEveryMs = 60_000;

export function createQueueTopics(broker: Broker, partitions: number): QueueTopics {
  const createdTopics = new Set<string>();

  async function ensure(topics: Iterable<string>): Promise<void> {
    const missing = [...new Set(topics)].filter((topic) => !createdTopics.has(topic));
    if (missing.length === 0) return;
    await broker.ensureTopics(missing.map((topic) => ({ topic, partitions, compacted: false })));
    for (const topic of missing) createdTopics.add(topic);
  }

  async function send(records: readonly WireRecord[]): Promise<void> {
    await ensure(records.map(({ topic }) => topic).filter((topic) => topic.startsWith("crossline.queue.")));
    try {
      await broker.send(records);
    } catch (error) {
      createdTopics.clear(); // the send may have failed because a topic was deleted
      throw error;
    }
  }

  return {
    broker: { ...broker, send },
    start: (database, log) =>
      startLoop({
        name: "queue topics",
        log,
        backOff: { firstMs: 100, longestMs: 5_000 },
        run: async () => {
          const vendors = await listVendors(database);
          await ensure(vendors.flatMap((vendor) => [queueTopic(vendor, "wall"), queueTopic(vendor, "stepped")]));
          return { sleepMs: listEveryMs };
        },
      }),
  };
}
