import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import type { Outcome } from "../store/outcome.ts";
import { type Attempt, recordAttempts } from "./record.ts";
import type { RetryPolicy } from "./verdict.ts";

export type Recorder = {
  /** Takes an attempt; resolves when it is written down. While the database is away it waits, and rejects on `stop`. */
  record(attempt: Attempt): Promise<void>;
  readonly loop: Loop;
  stop(): Promise<void>;
};

const batchMax = 200;
const idleMs = 60_000; // woken by every attempt

/** Writes attempts down in batches: what ends while one transaction runs goes into the next. */
export function startRecorder(options: {
  readonly database: Database;
  readonly log: Log;
  readonly policy: RetryPolicy;
  readonly onRecorded: (outcomes: readonly Outcome[]) => void;
}): Recorder {
  const { database, log, policy, onRecorded } = options;
  type Waiting = PromiseWithResolvers<void> & { readonly attempt: Attempt };
  let queue: Waiting[] = [];
  const loop = startLoop({
    name: "delivery-recorder",
    log,
    run: async () => {
      const batch = queue.slice(0, batchMax);
      if (batch.length === 0) return { sleepMs: idleMs };
      const outcomes = await recordAttempts(
        database,
        batch.map(({ attempt }) => attempt),
        policy,
      );
      queue = queue.slice(batch.length);
      onRecorded(outcomes);
      for (const waiting of batch) waiting.resolve();
      return { sleepMs: queue.length > 0 ? 0 : idleMs };
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
      for (const { reject } of queue) reject(new Error("stopped before it could be written down"));
      queue = [];
    },
  };
}
