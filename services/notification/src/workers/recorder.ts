import { type Database, isTransient } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { type EndedAttempt, recordAttempts, type RecordResult } from "../commands/record-attempts.ts";
import type { RetryPolicy } from "../config.ts";

export type Recorder = {
  /**
   * Records an attempt, and resolves after the commit. The returned promise waits while Postgres is down, and rejects at
   * `stop`.
   */
  record(attempt: EndedAttempt): Promise<void>;
  readonly loop: Loop;
  stop(): Promise<void>;
};

const batchMax = 200;
const idleMs = 60_000; // every attempt wakes the loop

export type RecorderDeps = {
  readonly database: Database;
  readonly log: Log;
  readonly policy: RetryPolicy;
  readonly onRecorded: (recorded: RecordResult) => void;
};

/** Starts the loop that saves attempts in batches. Attempts that end during a transaction are in the next batch. */
export function startRecorder(deps: RecorderDeps): Recorder {
  const { database, log, policy, onRecorded } = deps;
  type Waiting = PromiseWithResolvers<void> & { readonly attempt: EndedAttempt };
  let queue: Waiting[] = [];
  // After a permanent error the loop saves one attempt at a time, so that only the faulty attempt fails.
  let most = batchMax;

  async function write(batch: readonly Waiting[]): Promise<void> {
    const attempts = batch.map(({ attempt }) => attempt);
    try {
      onRecorded(await recordAttempts(database, attempts, policy));
    } catch (error) {
      if (isTransient(error)) throw error;
      most = 1;
      if (batch.length > 1) throw error;
      batch[0]?.reject(error);
    }
    queue = queue.slice(batch.length);
    for (const waiting of batch) waiting.resolve();
  }

  const loop = startLoop({
    name: "delivery-recorder",
    log,
    run: async () => {
      const batch = queue.slice(0, most);
      if (batch.length > 0) await write(batch);
      if (queue.length > 0) return { sleepMs: 0 };
      most = batchMax;
      return { sleepMs: idleMs };
    },
  });
  return {
    loop,
    record(attempt) {
      const waiting = { ...Promise.withResolvers<void>(), attempt };
      queue.push(waiting);
      loop.wake();
      return waiting.promise;
    },
    async stop() {
      await loop.stop();
      for (const { reject } of queue) reject(new Error("stopped before the attempt was saved"));
      queue = [];
    },
  };
}
