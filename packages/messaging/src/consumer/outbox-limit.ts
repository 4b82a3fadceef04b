import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@crossline/postgres";
import { outboxDepth } from "../outbox.ts";

const pollMs = 250;
const waitMs = 50;

/**
 * Returns a function that resolves while at most `limit` records wait in the outbox. Above this limit the consumer must
 * wait, because the records that it reads produce messages, and the outbox would grow without limit. The function polls
 * at most every 250 ms, so the outbox can exceed the limit by the messages of that time. The function rejects when the
 * signal aborts.
 */
export function createOutboxLimit(database: Database, limit: number): (signal: AbortSignal) => Promise<void> {
  let isFull = false;
  let polledAt = -Infinity;

  async function poll(): Promise<void> {
    if (performance.now() - polledAt < pollMs) return;
    polledAt = performance.now(); // until the poll ends, concurrent calls use the previous result
    isFull = (await outboxDepth(database, limit + 1)) > limit;
  }

  return async (signal) => {
    for (await poll(); isFull; await poll()) await delay(waitMs, undefined, { signal });
  };
}
