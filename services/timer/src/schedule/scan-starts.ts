import { type Instant, wall } from "@crossline/contracts";
import type { TimelinePartition } from "@crossline/projection";
import type { ScheduleHints } from "./agenda.ts";

/**
 * The instant in each partition of the wall timeline before which no deadline is stored, as far as this process knows. A query of the
 * due index starts there. Fired entries stay in the index until a vacuum removes them, and an open snapshot anywhere in the cluster
 * blocks that vacuum. (Measured with a forgotten snapshot at 1,300 firings/s: every query passed over all fired entries.)
 *
 * The instant is only the beginning of a query. A commit with an earlier deadline lowers it. The scanner reads every partition from its
 * beginning at the start of the process, after a fault, and once a minute.
 */
export type ScanStarts = {
  /** Returns the start of the next query. `-Infinity`: the beginning of the partition. */
  of(scope: TimelinePartition): Instant;
  /** Lowers the starts to deadlines of a commit. */
  lower(armed: ScheduleHints["armed"]): void;
  /** Runs a query of the next deadlines, and moves the starts to its result. Deadlines of commits during the query count too. */
  update<Lookup extends DueLookup>(readDue: () => Promise<readonly Lookup[]>): Promise<readonly Lookup[]>;
  /**
   * Resets the start of one partition. Without a partition, resets all starts and uses none for 5 s, because a commit with an unknown
   * result may still arrive.
   */
  forget(partition?: number): void;
};

type DueLookup = TimelinePartition & { readonly dueAt: Instant | null; readonly now: Instant };

const distrustMs = 5_000;

/** Creates the starts of one process. `clock` is monotonic, in milliseconds. */
export function createScanStarts(clock: () => number = () => performance.now()): ScanStarts {
  let trustedFrom = clock();
  const lows = new Map<number, Instant>();
  /** The earliest deadlines that were committed during each running query, by partition. */
  const running = new Set<Map<number, Instant>>();

  return {
    of({ timeline, partition }) {
      if (timeline !== wall || clock() < trustedFrom) return -Infinity;
      return lows.get(partition) ?? -Infinity;
    },
    lower(armed) {
      for (const { partition, dueAt } of armed) {
        const low = lows.get(partition);
        if (low !== undefined && dueAt < low) lows.set(partition, dueAt);
        for (const armedMeanwhile of running)
          armedMeanwhile.set(partition, Math.min(dueAt, armedMeanwhile.get(partition) ?? Infinity));
      }
    },
    async update(readDue) {
      const armedMeanwhile = new Map<number, Instant>();
      running.add(armedMeanwhile);
      try {
        const lookups = await readDue();
        if (!running.has(armedMeanwhile)) return lookups;
        for (const { timeline, partition, dueAt, now } of lookups) {
          if (timeline === wall) lows.set(partition, Math.min(dueAt ?? now, armedMeanwhile.get(partition) ?? Infinity));
        }
        return lookups;
      } finally {
        running.delete(armedMeanwhile);
      }
    },
    forget(partition) {
      if (partition !== undefined) {
        lows.delete(partition);
        return;
      }
      trustedFrom = clock() + distrustMs;
      lows.clear();
      running.clear();
    },
  };
}
