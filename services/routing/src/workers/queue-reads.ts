import type { Database } from "@crossline/postgres";
import { type Log, startLoop } from "@crossline/service";
import { saveQueueReads } from "../store/open-queues.ts";

export type QueueReads = {
  /** Stores in memory that a vendor has read the queue. */
  record(queue: string): void;
  stop(): Promise<void>;
};

const everyMs = 60_000;

/** Saves the reads of queues over REST once a minute and when the service stops, so that not every read causes a write. */
export function startQueueReads(database: Database, log: Log): QueueReads {
  let reads = new Map<string, number>();
  async function write(): Promise<void> {
    const written = reads;
    reads = new Map();
    const now = performance.now();
    try {
      await saveQueueReads(
        database,
        [...written].map(([queue, at]) => ({ queue, agoMs: now - at })),
      );
    } catch (error) {
      reads = new Map([...written, ...reads]);
      throw error;
    }
  }
  const loop = startLoop({
    name: "readings of queues",
    log,
    run: async () => {
      await write();
      return { sleepMs: everyMs };
    },
    backOff: { firstMs: 1_000, longestMs: everyMs },
  });
  return {
    record: (queue) => void reads.set(queue, performance.now()),
    async stop() {
      await loop.stop();
      await write();
    },
  };
}
