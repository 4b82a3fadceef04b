import { setTimeout as delay } from "node:timers/promises";
import { type Refusal, refusal } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { isRefusal } from "@crossline/service";
import { tryLockTimeline } from "../store/timelines.ts";
import { createPlaces } from "../admission/places.ts";

/** A request for exclusive work on a stepped timeline. The deadline is a value of `performance.now()`. */
type ExclusiveRun = { readonly timeline: string; readonly party: string; readonly deadline: number };

/** A place in use. The places limit the number of timelines on which a process works at a time. */
export type Place = {
  readonly deadline: number;
  /**
   * Returns true if another request waits for a place and this request has had its place for 0.1 s. If the result is true, the work
   * must soon return `retryLater`.
   */
  readonly mustYield: () => boolean;
};

/** Lets only one request at a time work on a stepped timeline. */
export type TimelineScheduler = {
  /**
   * Runs `work` when no other request of this process works on the timeline and a place is free. If `work` returns `retryLater`, the
   * request gives up its place, but other requests of this process still cannot work on the timeline. `work` runs again at the next
   * turn of the request's party. At the deadline, returns the refusal `not_quiet` if the timeline is busy, or `overloaded` if no place
   * was free.
   */
  runAlone<T>(run: ExclusiveRun, work: (place: Place) => Promise<T | Refusal>): Promise<T | Refusal>;
};

const retryLaterDetail = "The timeline is not caught up yet. Try again.";

/**
 * The result that `work` returns to give up the request's place until the next turn of the request's party. `retryLater` is a
 * refusal, so that the transaction of the work rolls back.
 */
export const retryLater: Refusal = refusal("not_quiet", retryLaterDetail, { facts: { retryLater: true } });

/** Returns true for `retryLater`, and for a copy of `retryLater` with additional members in `facts`. */
function isRetryLater(result: unknown): boolean {
  return isRefusal(result) && result.facts?.["retryLater"] === true;
}

const placesMax = 8;
const turnMs = 100;

/**
 * Creates a scheduler. The requests of each timeline wait in the order of arrival. A request takes a database connection only after its
 * wait. A running request keeps one connection for its lock and needs a second connection for its work. The scheduler orders only the
 * requests of its own process. `takeLock` prevents two processes from working on the same timeline at the same time.
 */
export function createTimelineScheduler({ most = placesMax, atLeastMs = turnMs } = {}): TimelineScheduler {
  const lastRuns = new Map<string, Promise<unknown>>();
  const places = createPlaces(most);

  async function runInTurns<T>({ party, deadline }: ExclusiveRun, work: (place: Place) => Promise<T | Refusal>) {
    for (;;) {
      if (!(await places.take(party, deadline))) return full;
      const since = performance.now();
      try {
        const result = await work({
          deadline,
          mustYield: () => places.isWanted() && performance.now() - since >= atLeastMs,
        });
        if (!isRetryLater(result)) return result;
      } finally {
        places.leave();
      }
    }
  }

  return {
    runAlone(run, work) {
      const { timeline, deadline } = run;
      const previous = lastRuns.get(timeline);
      const own = endsBefore(previous, deadline).then((isFree) => (isFree ? runInTurns(run, work) : busy(timeline)));
      const both = Promise.allSettled([previous, own]);
      lastRuns.set(timeline, both);
      void both.then(() => lastRuns.get(timeline) === both && lastRuns.delete(timeline));
      return own;
    },
  };
}

/** Resolves to true when the previous run ends, or to false if the deadline passes first. */
async function endsBefore(previous: Promise<unknown> | undefined, deadline: number): Promise<boolean> {
  if (previous === undefined) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), deadline - performance.now());
  void previous.then(() => resolve(true));
  return promise.finally(() => clearTimeout(timer));
}

/**
 * Takes the timeline's lock for a transaction. Returns a refusal if the lock is not free before the deadline. The lock is advisory and
 * locks no row, so that it delays no other statement.
 */
export async function takeLock(tx: Tx, timeline: string, { deadline, mustYield }: Place): Promise<Refusal | undefined> {
  for (let pauseMs = 1; !(await tryLockTimeline(tx, timeline)); pauseMs = Math.min(50, pauseMs * 1.5)) {
    if (performance.now() > deadline) return busy(timeline);
    if (mustYield()) return retryLater;
    await delay(pauseMs);
  }
  return undefined;
}

const retryAfterSeconds = 1;

function busy(timeline: string): Refusal {
  return refusal("not_quiet", `Another request is working on ${timeline}. Try again.`, { retryAfterSeconds });
}

const full = refusal(
  "overloaded",
  "The service is already working on the maximum number of timelines. Try again in a moment.",
  {
    retryAfterSeconds,
  },
);
