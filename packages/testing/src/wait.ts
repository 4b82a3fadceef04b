import assert from "node:assert/strict";
import { inspect } from "node:util";
import { setTimeout as delay } from "node:timers/promises";

type WaitOptions = {
  /** The default is 10 s. */
  readonly timeoutMs?: number;
  readonly pollMs?: number;
  /** The text that names the condition in the error. The default is the source code of the condition. */
  readonly what?: string;
};

/**
 * Evaluates the condition until its result is truthy, and returns that result. An assertion or another error counts as false. At
 * the deadline the function throws an error with the text of `what` and the last result.
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
    const title = what ?? condition.toString().slice(0, 200);
    const result = "cause" in last ? String(last.cause) : inspect(last.value);
    throw new assert.AssertionError({ message: `not within ${timeoutMs} ms: ${title}; last result: ${result}` });
  }
}
