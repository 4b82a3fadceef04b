import { setTimeout as delay } from "node:timers/promises";
import { type Refusal, refusal } from "@crossline/contracts";
import { outboxDepth } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";

/** Limits the number of messages that wait in the outbox. */
export type OutboxGuard = {
  /**
   * Returns true if the outbox was counted in the last 250 ms and was not above the limit. If the result is true, the caller needs no
   * query.
   */
  hasRoom(): boolean;
  /** Returns a refusal if the outbox is above the limit. */
  refusal(): Promise<Refusal | undefined>;
  /** Resolves when the outbox is below the limit. Rejects when the signal aborts. */
  room(signal: AbortSignal): Promise<void>;
};

const recountAfterMs = 250;
const waitMs = 50;
const retryAfterSeconds = 2;

/**
 * Creates a guard with `limit` as the maximum number of waiting rows. The guard counts the rows of the outbox only when it is called,
 * and at most every 250 ms. Messages that are added between two counts can exceed the limit.
 */
export function createOutboxGuard(database: Database, limit: number): OutboxGuard {
  let isFull = false;
  let countedAt = -Infinity;
  let counting: Promise<void> | undefined;

  async function recount(): Promise<void> {
    if (performance.now() - countedAt < recountAfterMs) return;
    counting ??= outboxDepth(database, limit + 1)
      .then((depth) => {
        isFull = depth > limit;
        countedAt = performance.now();
        return undefined;
      })
      .finally(() => {
        counting = undefined;
      });
    await counting;
  }

  return {
    hasRoom: () => !isFull && performance.now() - countedAt < recountAfterMs,
    async refusal() {
      await recount();
      if (!isFull) return undefined;
      return refusal("overloaded", "Too many messages wait in the outbox. Try again in a moment.", {
        retryAfterSeconds,
      });
    },
    async room(signal) {
      for (await recount(); isFull; await recount()) await delay(waitMs, undefined, { signal });
      signal.throwIfAborted();
    },
  };
}
