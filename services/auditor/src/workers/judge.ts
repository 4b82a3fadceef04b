import type { Instant } from "@crossline/contracts";
import type { Consumer } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { type JudgeDueDeps, judgeDue } from "../commands/judge-due.ts";
import type { Report } from "../commands/report.ts";

export type JudgeDeps = JudgeDueDeps & {
  readonly database: Database;
  readonly consumer: Pick<Consumer, "owned">;
  readonly log: Log;
  /** The judge calls this function after each commit. */
  readonly onReport: (report: Report) => void;
};

export type Judge = Loop & {
  /** Returns the instant before which this process has audited all wall timeline cases of the partition. */
  judgedUntil(partition: number): Instant | undefined;
};

const idleMs = 1_000;

/**
 * Starts the loop that searches for missed firings. On the wall timeline, a firing is missed if its deadline is `graceMs` ago and the
 * consumer has had no unread record for `graceMs`. On other timelines, a firing is missed if its deadline is before the mark, and no
 * new mark or clock event has arrived for `graceMs`.
 */
export function startJudge(deps: JudgeDeps): Judge {
  const { database, consumer, graceMs, onReport } = deps;
  const steadiness = createSteadiness(graceMs);
  const judgedUntil = new Map<number, Instant>();

  async function run(): Promise<{ sleepMs: number }> {
    const owned = consumer.owned();
    for (const partition of judgedUntil.keys()) if (!owned.includes(partition)) judgedUntil.delete(partition);
    const steady = steadiness.update(owned, (partition) => consumer.caughtUp(partition), performance.now());
    if (owned.length === 0) return { sleepMs: idleMs };
    const pass = await database.transaction((tx) => judgeDue(tx, deps, { owned, steady }));
    onReport(pass.report);
    for (const { partition, until } of pass.done) judgedUntil.set(partition, until);
    return { sleepMs: pass.isFull ? 0 : idleMs };
  }

  const onError = (): void => steadiness.reset();
  const loop = startLoop({ name: "judge", log: deps.log, run, onError });
  return { ...loop, judgedUntil: (partition) => judgedUntil.get(partition) };
}

/**
 * Creates a measurement of the time for which each partition has had no unread record. After an outage, both the auditor and the timer
 * must catch up. A firing therefore counts as missed only after a whole grace without unread records.
 */
export function createSteadiness(graceMs: number) {
  const since = new Map<number, number>();
  return {
    /** Returns the partitions without unread records during the whole grace. `at` is monotonic time in milliseconds. */
    update(owned: readonly number[], isCaughtUp: (partition: number) => boolean, at: number): Set<number> {
      for (const partition of since.keys()) if (!owned.includes(partition)) since.delete(partition);
      for (const partition of owned) {
        if (!isCaughtUp(partition)) since.delete(partition);
        else if (!since.has(partition)) since.set(partition, at);
      }
      return new Set([...since].filter(([, from]) => at - from >= graceMs).map(([partition]) => partition));
    },
    /** Restarts all graces after a fault of the database. */
    reset: (): void => since.clear(),
  };
}
