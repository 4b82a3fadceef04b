import { type Instant, wall } from "@crossline/contracts";
import type { TimelinePartition } from "@crossline/projection";
import type { ScheduleHints } from "./agenda.ts";

/**
 * The scan start of each partition of the wall timeline. As far as this process knows, no stored deadline is before the scan start. A
 * query of the due index begins at the scan start. The index keeps the entries of fired cases until a vacuum removes them, and an
 * open snapshot anywhere in the cluster blocks that vacuum. In a measurement at 1,300 firings/s with an open snapshot, every query
 * without a scan start read all entries of fired cases.
 *
 * A transaction that commits an earlier deadline moves the scan start back to that deadline. In three situations the scanner
 * ignores a partition's scan start: when the process starts, after a fault, and once a minute.
 */
export type ScanStarts = {
  /** Returns the scan start for the next query. `-Infinity` means the beginning of the partition. */
  of(scope: TimelinePartition): Instant;
  /** Moves a scan start back if a commit has stored an earlier deadline. */
  lower(armed: ScheduleHints["armed"]): void;
  /**
   * Runs a query of the next deadlines, and moves the scan starts to its result. If a transaction commits an earlier deadline during
   * the query, that deadline becomes the scan start.
   */
  update<Lookup extends DueLookup>(readDue: () => Promise<readonly Lookup[]>): Promise<readonly Lookup[]>;
  /**
   * Resets the scan start of one partition. Without a partition, resets all scan starts, and `of` then returns `-Infinity` for 5 s.
   * During the 5 s, a transaction whose result is unknown may still commit.
   */
  forget(partition?: number): void;
};

type DueLookup = TimelinePartition & { readonly dueAt: Instant | null; readonly now: Instant };

const distrustMs = 5_000;

/** Creates the scan starts of one process. `clock` returns monotonic time in milliseconds. */
export function createScanStarts(clock: () => number = () => performance.now()): ScanStarts {
  let trustedFrom = clock();
  const lows = new Map<number, Instant>();
  /**
   * For each running query, the deadlines that transactions have committed since the start of the query: the earliest of each
   * partition.
   */
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
