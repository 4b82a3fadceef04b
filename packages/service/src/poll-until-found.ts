import { setTimeout as delay } from "node:timers/promises";
import { idCreatedAt } from "@crossline/contracts";

const waitMs = 2_000;
/**
 * The maximum number of waiting requests of one party. The limit is half of the connections that intake keeps to another service,
 * so that the other half serves other parties.
 */
const waitingMax = 16;
/** For each party, the number of its requests that wait in this process. */
const waiting = new Map<string, number>();

/**
 * The maximum age of a new id. A record arrives within this time after the creation of its id. The clocks of two
 * machines differ by less than this time.
 */
const newForMs = 10_000;

/**
 * Returns whether an id is at most 10 s old. The record of the id can be missing in this service only if the id is new.
 * The result depends only on the id, so the response time does not show another party whether the id exists.
 */
export function isNewId(id: string): boolean {
  return Math.abs(Date.now() - idCreatedAt(id)) <= newForMs;
}

/**
 * Calls `find` repeatedly for up to 2 s until it returns a value. The function waits for a value that another service
 * has published and this service has not applied yet. If `mayCome` returns false, `find` is called only once. At most
 * 16 requests of a party wait at once, and `find` is called only once for a further request. `find` must return
 * undefined for a value that the caller may not read. For a forbidden value, `mayCome` must return the same result as
 * for an absent value. The response time would otherwise reveal to another party that the value exists.
 */
export async function pollUntilFound<T>(
  party: string,
  find: () => Promise<T | undefined>,
  mayCome: () => boolean | Promise<boolean> = () => true,
): Promise<T | undefined> {
  const first = await find();
  if (first !== undefined || !(await mayCome())) return first;
  return waitInTurn(party, () => poll(find));
}

/**
 * Runs `wait` if fewer than 16 requests of the party wait. If 16 requests wait, the function returns undefined at once.
 */
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
    const value = await find();
    if (value !== undefined) return value;
  }
  return undefined;
}
