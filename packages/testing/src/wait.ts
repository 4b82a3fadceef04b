import assert from "node:assert/strict";
import { inspect } from "node:util";
import { setTimeout as delay } from "node:timers/promises";

type WaitOptions = {
  /** 10 s where it is not given. */
  readonly timeoutMs?: number;
  readonly pollMs?: number;
  /** What is waited for, for the message; else the condition's source. */
  readonly what?: string;
};

/**
 * Asks again and again until the condition gives something truthy, which is returned. An assertion or other error counts
 * as "not yet". Fails at the deadline with what was waited for and what was seen last.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, pollMs = 10, what }: WaitOptions = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  for (let last: { value?: unknown; cause?: unknown } = {}; ; await delay(pollMs)) {
    try {
      const value = await condition();
      if (value) return value;
      last = { value };
    } catch (cause) {
      last = { cause };
    }
    if (performance.now() < deadline) continue;
    const wanted = what ?? condition.toString().slice(0, 200);
    const seen = "cause" in last ? String(last.cause) : inspect(last.value);
    throw new assert.AssertionError({ message: `not within ${timeoutMs} ms: ${wanted}; last seen: ${seen}` });
  }
}
