import { setTimeout as delay } from "node:timers/promises";
import { type Refusal, refusal } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { tryDrive } from "../store/timelines.ts";

/** The right to do something on a stepped timeline: one at a time, in all processes. */
export type Drive = {
  /**
   * Runs `work` when nobody else is at work on the timeline, refused with `not_quiet` when that does not come before the
   * deadline (by `performance.now()`).
   */
  alone: <T>(timeline: string, deadline: number, work: () => Promise<T>) => Promise<T | Refusal>;
};

const atOnceMax = 8;

/**
 * Queues what wants to work on a timeline, in order of arrival, before it takes a connection: each at work holds one, and
 * must be sure of a second. `takeLock` keeps other processes out.
 */
export function createDrive(): Drive {
  const lines = new Map<string, Promise<unknown>>();
  let working = 0;
  const wanting: (() => void)[] = [];

  async function run<T>(work: () => Promise<T>): Promise<T> {
    if (working >= atOnceMax) await new Promise<void>((resolve) => wanting.push(resolve));
    working++;
    try {
      return await work();
    } finally {
      working--;
      wanting.shift()?.();
    }
  }

  return {
    alone(timeline, deadline, work) {
      const before = lines.get(timeline) ?? Promise.resolve();
      const mine = before.then(async () => (performance.now() > deadline ? busy(timeline) : run(work)));
      const settled = mine.then(
        () => undefined,
        () => undefined,
      );
      lines.set(timeline, settled);
      void settled.then(() => lines.get(timeline) === settled && lines.delete(timeline));
      return mine;
    },
  };
}

/** Takes the timeline's lock for a transaction, or refuses at the deadline. No row is locked, so nothing is held up. */
export async function takeLock(tx: Tx, timeline: string, deadline: number): Promise<Refusal | undefined> {
  for (let pauseMs = 1; !(await tryDrive(tx, timeline)); pauseMs = Math.min(50, pauseMs * 1.5)) {
    if (performance.now() > deadline) return busy(timeline);
    await delay(pauseMs);
  }
  return undefined;
}

function busy(timeline: string): Refusal {
  return refusal("not_quiet", `Somebody else is at work on ${timeline}. Try again.`, { retryAfterSeconds: 1 });
}
