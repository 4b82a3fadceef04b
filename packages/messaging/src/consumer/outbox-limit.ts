import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@crossline/postgres";
import { outboxDepth } from "../outbox.ts";

const lookAgainMs = 250;
const waitMs = 50;

/**
 * Resolves while at most `limit` records wait in the outbox, and later otherwise: what is read makes facts, and those that cannot be
 * sent would pile up without end. Looks at most every 250 ms, so the limit can be passed by what is read in between. Rejects
 * when the signal aborts.
 */
export function createOutboxLimit(database: Database, limit: number): (signal: AbortSignal) => Promise<void> {
  let isFull = false;
  let lookedAt = -Infinity;

  async function look(): Promise<void> {
    if (performance.now() - lookedAt < lookAgainMs) return;
    lookedAt = performance.now(); // others go by the last look meanwhile
    isFull = (await outboxDepth(database, limit + 1)) > limit;
  }

  return async (signal) => {
    for (await look(); isFull; await look()) await delay(waitMs, undefined, { signal });
  };
}
