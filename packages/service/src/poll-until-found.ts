import { setTimeout as delay } from "node:timers/promises";
import { idCreatedAt } from "@crossline/contracts";

const waitMs = 2_000;
/** Half of the connections that intake keeps to another service: requests of other companies have the rest. */
const waitingMax = 16;
/** How many requests of each party wait in this process. */
const waiting = new Map<string, number>();

/** Longer than records are on their way, and than the clocks of two machines differ. */
const newForMs = 10_000;

/**
 * What an id names may be unread here only where the id is new: it was made at most 10 s ago. The id alone says so, whether it names
 * something or not, so that the time of an answer tells a stranger nothing.
 */
export function isNewId(id: string): boolean {
  return Math.abs(Date.now() - idCreatedAt(id)) <= newForMs;
}

/**
 * Looks again and again for up to 2 s, for what another service has published and this one has not read yet; only once where it
 * cannot be on its way. Of each party 16 requests wait at a time; of one more the first look counts. What the caller may not see
 * must count as not found, and `mayCome` must be the same for it, so that waiting says nothing to a stranger.
 */
export async function pollUntilFound<T>(
  party: string,
  find: () => Promise<T | undefined>,
  mayCome: () => boolean | Promise<boolean> = () => true,
): Promise<T | undefined> {
  const found = await find();
  if (found !== undefined || !(await mayCome())) return found;
  return waitInTurn(party, () => poll(find));
}

/** Waits where fewer than 16 requests of the party wait; else gives undefined at once. */
export async function waitInTurn<T>(party: string, wait: () => Promise<T>): Promise<T | undefined> {
  const others = waiting.get(party) ?? 0;
  if (others >= waitingMax) return undefined;
  waiting.set(party, others + 1);
  try {
    return await wait();
  } finally {
    const left = (waiting.get(party) ?? 1) - 1;
    if (left === 0) waiting.delete(party);
    else waiting.set(party, left);
  }
}

async function poll<T>(find: () => Promise<T | undefined>): Promise<T | undefined> {
  const deadline = performance.now() + waitMs;
  for (let pauseMs = 10; performance.now() + pauseMs <= deadline; pauseMs = Math.min(pauseMs * 1.5, 100)) {
    await delay(pauseMs);
    const found = await find();
    if (found !== undefined) return found;
  }
  return undefined;
}
