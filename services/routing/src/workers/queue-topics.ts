import { queueTopic } from "@crossline/contracts";
import type { Broker, WireRecord } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { listVendors } from "../store/parties.ts";

/** The topics of the vendors' queues: made as soon as a vendor is known, and before anything is sent to them. */
export type QueueTopics = {
  /**
   * The broker for the relay: makes a queue's topic before the first record goes there. A topic that is missing would hold
   * up everything behind its record; a broker that is down makes the send fail, and the relay tries again.
   */
  readonly broker: Broker;
  /** Starts to make the topics of vendors as they come, so that their own consumers find them. Wake it for a new one. */
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
      createdTopics.clear(); // somebody may have deleted one
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
