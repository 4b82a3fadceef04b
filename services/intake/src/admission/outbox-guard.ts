import { setTimeout as delay } from "node:timers/promises";
import { type Refusal, refusal } from "@crossline/contracts";
import { outboxDepth } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";

/** Keeps what cannot be sent from piling up without end. */
export type OutboxGuard = {
  /** True where there was room at a look that still counts: then nobody need be asked. */
  hasRoom(): boolean;
  /** The refusal to answer with while the outbox is full. */
  refusal(): Promise<Refusal | undefined>;
  /** Resolves when there is room; rejects when the signal aborts. */
  room(signal: AbortSignal): Promise<void>;
};

const recountAfterMs = 250;
const waitMs = 50;
const retryAfterSeconds = 2;

/**
 * Counts the rows of the outbox at most every 250 ms, and only while somebody asks. `limit` is how many may wait; it can
 * be passed by what comes in within those 250 ms.
 */
export function createOutboxGuard(database: Database, limit: number): OutboxGuard {
  let isFull = false;
  let lookedAt = -Infinity;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    if (performance.now() - lookedAt < recountAfterMs) return;
    looking ??= outboxDepth(database, limit + 1)
      .then((depth) => {
        isFull = depth > limit;
        lookedAt = performance.now();
        return undefined;
      })
      .finally(() => {
        looking = undefined;
      });
    await looking;
  }

  return {
    hasRoom: () => !isFull && performance.now() - lookedAt < recountAfterMs,
    async refusal() {
      await look();
      if (!isFull) return undefined;
      return refusal("overloaded", "More waits to be sent than can be held; try again in a moment.", {
        retryAfterSeconds,
      });
    },
    async room(signal) {
      for (await look(); isFull; await look()) await delay(waitMs, undefined, { signal });
      signal.throwIfAborted();
    },
  };
}
