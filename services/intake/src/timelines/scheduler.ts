import { setTimeout as delay } from "node:timers/promises";
import { type Refusal, refusal } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { isRefusal } from "@crossline/service";
import { tryLockTimeline } from "../store/timelines.ts";
import { createPlaces } from "../admission/places.ts";

/** A request for a turn on a stepped timeline, with its deadline (by `performance.now()`). */
type ExclusiveRun = { readonly timeline: string; readonly party: string; readonly deadline: number };

/** A place in use: a limited number of timelines is worked on at a time. */
export type Place = {
  readonly deadline: number;
  /** True where another request waits and this one has had the place for a while: it returns `later` as soon as it can. */
  readonly isUp: () => boolean;
};

/** The right to do something on a stepped timeline: one at a time, in all processes. */
export type TimelineScheduler = {
  /**
   * Runs `work` when no other request of this process is at work on the timeline. A work that returns `later` gives its
   * place up, keeps its timeline, and runs again at its party's next turn. Refuses at the deadline: with `not_quiet` where
   * the timeline is busy, with `overloaded` where no place became free.
   */
  runAlone<T>(turn: ExclusiveRun, work: (place: Place) => Promise<T | Refusal>): Promise<T | Refusal>;
};

const retryLaterDetail = "The timeline has not come to rest yet. Try again.";

/** The result of a work that gives its place up and goes on at its next turn. It is a refusal, so that a transaction rolls back. */
export const retryLater: Refusal = refusal("not_quiet", retryLaterDetail, { facts: { goesOn: true } });

/** True of a refusal that was made of `later`. */
function isRetryLater(result: unknown): boolean {
  return isRefusal(result) && result.facts?.["goesOn"] === true;
}

const placesMax = 8;
const turnMs = 100;

/**
 * Queues the requests of each timeline in order of arrival, before they take a connection: each at work holds one, and must be
 * sure of a second. `takeLock` keeps other processes out.
 */
export function createTimelineScheduler({ most = placesMax, atLeastMs = turnMs } = {}): TimelineScheduler {
  const lines = new Map<string, Promise<unknown>>();
  const places = createPlaces(most);

  async function inTurns<T>({ party, deadline }: ExclusiveRun, work: (place: Place) => Promise<T | Refusal>) {
    for (;;) {
      if (!(await places.take(party, deadline))) return full;
      const since = performance.now();
      try {
        const done = await work({
          deadline,
          isUp: () => places.isWanted() && performance.now() - since >= atLeastMs,
        });
        if (!isRetryLater(done)) return done;
      } finally {
        places.leave();
      }
    }
  }

  return {
    runAlone(turn, work) {
      const { timeline, deadline } = turn;
      const before = lines.get(timeline);
      const mine = endsBefore(before, deadline).then((isFree) => (isFree ? inTurns(turn, work) : busy(timeline)));
      const settled = Promise.allSettled([before, mine]);
      lines.set(timeline, settled);
      void settled.then(() => lines.get(timeline) === settled && lines.delete(timeline));
      return mine;
    },
  };
}

/** Whether what was before has ended by the deadline. */
async function endsBefore(before: Promise<unknown> | undefined, deadline: number): Promise<boolean> {
  if (before === undefined) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), deadline - performance.now());
  void before.then(() => resolve(true));
  return promise.finally(() => clearTimeout(timer));
}

/** Takes the timeline's lock for a transaction, or refuses at the deadline. No row is locked, so nothing is held up. */
export async function takeLock(tx: Tx, timeline: string, { deadline, isUp }: Place): Promise<Refusal | undefined> {
  for (let pauseMs = 1; !(await tryLockTimeline(tx, timeline)); pauseMs = Math.min(50, pauseMs * 1.5)) {
    if (performance.now() > deadline) return busy(timeline);
    if (isUp()) return retryLater;
    await delay(pauseMs);
  }
  return undefined;
}

const retryAfterSeconds = 1;

function busy(timeline: string): Refusal {
  return refusal("not_quiet", `Another request is still at work on ${timeline}. Try again.`, { retryAfterSeconds });
}

const full = refusal("overloaded", "As many timelines are driven as can be at once; try again in a moment.", {
  retryAfterSeconds,
});
