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
  /** Called after each commit. */
  readonly onReport: (report: Report) => void;
};

export type Judge = Loop & {
  /** The wall's instant before which everything in this partition has been judged, as far as this process knows. */
  judgedUntil(partition: number): Instant | undefined;
};

const idleMs = 1_000;

/**
 * Starts the search for firings that are missed. On the wall a firing is missed when its due instant is `graceMs` ago and its
 * partition has been read to its end for as long; elsewhere when the mark has passed it and neither a mark nor a firing of the
 * timeline has come for `graceMs`.
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
 * Notes since when partitions have been read to their end without a break. After an outage the timer must catch up too: only after
 * a grace of steady reading is a firing missed, and not merely late.
 */
export function createSteadiness(graceMs: number) {
  const since = new Map<number, number>();
  return {
    /** The partitions that have been read to their end for the whole grace. `at` is of a monotonic clock, in ms. */
    update(owned: readonly number[], isCaughtUp: (partition: number) => boolean, at: number): Set<number> {
      for (const partition of since.keys()) if (!owned.includes(partition)) since.delete(partition);
      for (const partition of owned) {
        if (!isCaughtUp(partition)) since.delete(partition);
        else if (!since.has(partition)) since.set(partition, at);
      }
      return new Set([...since].filter(([, from]) => at - from >= graceMs).map(([partition]) => partition));
    },
    /** Begins all graces again: the database was away. */
    reset: (): void => since.clear(),
  };
}
