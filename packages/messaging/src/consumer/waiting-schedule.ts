import { createPortion } from "./portion.ts";
import { releasedMax } from "./transactions.ts";

const heldPoll = { firstMs: 250, maxMs: 2_000 };
const retryPollMs = 1_000;

/** What is known of the rows that wait in our partitions, and when to look at them. */
export type WaitingSchedule = ReturnType<typeof createWaitingSchedule>;

export function createWaitingSchedule() {
  let releaseAt = 0;
  let releaseMs = heldPoll.firstMs;
  let retryAt = 0;
  const waiting = {
    /** Rows may be held. Only their owner adds such rows, so this is kept here and need not be asked for. */
    mayHold: true,
    /** Something could not be applied: what is released goes into transactions of its own until that is over. */
    careful: false,
    releasePortion: createPortion(releasedMax),
    retryPortion: createPortion(releasedMax),
    isReleaseDue: (): boolean => waiting.mayHold && performance.now() >= releaseAt,
    isRetryDue: (): boolean => performance.now() >= retryAt,
    nextMs: (): number => Math.max(0, Math.min(retryAt, waiting.mayHold ? releaseAt : Infinity) - performance.now()),
    releaseSoon(): void {
      releaseAt = 0;
      releaseMs = heldPoll.firstMs;
    },
    /** Nothing could be released: only what other members apply can change that. */
    releaseLater(): void {
      releaseAt = performance.now() + releaseMs;
      releaseMs = Math.min(heldPoll.maxMs, releaseMs * 2);
    },
    retrySoon(): void {
      retryAt = 0;
    },
    retryLater(): void {
      retryAt = performance.now() + retryPollMs;
    },
  };
  return waiting;
}
