import { setTimeout as delay } from "node:timers/promises";

const waitMs = 2_000;

/**
 * Looks again and again for up to 2 s: what another service has just said may not have arrived here yet. What is not
 * the caller's to see is to count as not found, so that waiting tells a stranger nothing.
 */
export async function eventually<T>(find: () => Promise<T | undefined>): Promise<T | undefined> {
  const deadline = performance.now() + waitMs;
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 1.5, 100)) {
    const found = await find();
    if (found !== undefined || performance.now() + pauseMs > deadline) return found;
    await delay(pauseMs);
  }
}
