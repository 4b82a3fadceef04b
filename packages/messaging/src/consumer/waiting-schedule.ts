import { createPortion } from "./portion.ts";
import { releasedMax } from "./transactions.ts";

const heldPoll = { firstMs: 250, maxMs: 2_000 };
const retryPollMs = 1_000;

/** When to check the waiting rows of the owned partitions. */
export type WaitingSchedule = ReturnType<typeof createWaitingSchedule>;

/** Creates the schedule of one consumer. */
export function createWaitingSchedule() {
  let releaseAt = 0;
  let releaseMs = heldPoll.firstMs;
  let retryAt = 0;
  const waiting = {
    /** True if rows may be held. Only the partition owner adds such rows, so this needs no query. */
    mayHold: true,
    /** True after a fault: rows are then released in transactions of their own, until no more rows can be released. */
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
    /** No row could be released. Only records that other members apply can change that. */
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
