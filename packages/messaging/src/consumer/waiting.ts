import { createPortion } from "./portion.ts";
import { releasedMax } from "./transactions.ts";

const heldPoll = { firstMs: 250, maxMs: 2_000 };
const replayPollMs = 1_000;

/** What is known of the rows that wait in our partitions, and when to look at them. */
export type Waiting = ReturnType<typeof createWaiting>;

export function createWaiting() {
  let releaseAt = 0;
  let releaseMs = heldPoll.firstMs;
  let replayAt = 0;
  const waiting = {
    /** Rows may be held. Only their owner adds such rows, so this is kept here and need not be asked for. */
    mayHold: true,
    /** Something could not be applied: what is released goes into transactions of its own until that is over. */
    careful: false,
    releasePortion: createPortion(releasedMax),
    replayPortion: createPortion(releasedMax),
    isReleaseDue: (): boolean => waiting.mayHold && performance.now() >= releaseAt,
    isReplayDue: (): boolean => performance.now() >= replayAt,
    nextMs: (): number => Math.max(0, Math.min(replayAt, waiting.mayHold ? releaseAt : Infinity) - performance.now()),
    releaseSoon(): void {
      releaseAt = 0;
      releaseMs = heldPoll.firstMs;
    },
    /** Nothing could be released: only what other members apply can change that. */
    releaseLater(): void {
      releaseAt = performance.now() + releaseMs;
      releaseMs = Math.min(heldPoll.maxMs, releaseMs * 2);
    },
    replaySoon(): void {
      replayAt = 0;
    },
    replayLater(): void {
      replayAt = performance.now() + replayPollMs;
    },
  };
  return waiting;
}
