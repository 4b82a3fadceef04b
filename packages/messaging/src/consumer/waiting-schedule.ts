import { createPortion } from "./portion.ts";
import { releasedMax } from "./transactions.ts";

const heldPoll = { firstMs: 250, maxMs: 2_000 };
const everySecondMs = 1_000;

/** The schedule that decides when the consumer checks the waiting rows of its partitions. */
export type WaitingSchedule = ReturnType<typeof createWaitingSchedule>;

/** Creates the schedule of one consumer, which checks for requested retries every `retryPollMs`. */
export function createWaitingSchedule(retryPollMs = everySecondMs) {
  let releaseAt = 0;
  let releaseMs = heldPoll.firstMs;
  let retryAt = 0;
  const waiting = {
    /** True if held rows may exist. Only the partition owner adds held rows, so no query is necessary. */
    mayHold: true,
    /**
     * True after a fault. The consumer then releases rows in separate transactions, until it can release no more rows.
     */
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
    /**
     * Delays the next check after a check that released no row. Before the next check, only records that other members
     * apply can release rows.
     */
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
