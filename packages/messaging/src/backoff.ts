/**
 * Returns the pause before the next try, in milliseconds. The pause doubles from `firstMs` up to `maxMs`, with a random
 * deviation of 10 %.
 */
export function backoffMs(attempt: number, firstMs: number, maxMs: number): number {
  const planned = Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30));
  return planned * (0.9 + Math.random() * 0.2);
}

/** Waits for `ms` milliseconds. Resolves early, without an error, when the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.max(0, ms)); // Node warns of a negative timeout, which occurs after a freeze
    signal?.addEventListener("abort", end, { once: true });
  });
}
