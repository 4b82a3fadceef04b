import { type Instant, wall } from "@crossline/contracts";
import type { TimelinePartition } from "@crossline/projection";
import type { ScheduleHints } from "./agenda.ts";

/**
 * Below which instant nothing is armed in a partition of the wall, as far as this process knows. A look into the due index
 * begins there: what has fired stays in the index until it is vacuumed, and where a snapshot is open anywhere in the
 * cluster that is not before it is closed. (A forgotten one, 1.3 k firings/s: every look passed over all of them.)
 *
 * It only says where to begin: what is armed earlier is armedMeanwhile of with its commit, and every partition is looked at from its
 * beginning at the start, after a fault, and once a minute.
 */
export type ScanStarts = {
  /** `-Infinity`: from the beginning. */
  of(scope: TimelinePartition): Instant;
  lower(armed: ScheduleHints["armed"]): void;
  /** Asks for what is due next in some scopes, from their watermarks on; what is armedMeanwhile meanwhile counts as found. */
  update<Lookup extends DueLookup>(readDue: () => Promise<readonly Lookup[]>): Promise<readonly Lookup[]>;
  /** Of one partition; without one, of all, and no watermark is used for 5 s: a commit that is in doubt may still come. */
  forget(partition?: number): void;
};

type DueLookup = TimelinePartition & { readonly dueAt: Instant | null; readonly now: Instant };

const distrustMs = 5_000;

export function createScanStarts(clock: () => number = () => performance.now()): ScanStarts {
  let trustedFrom = clock();
  const lows = new Map<number, Instant>();
  /** What was armedMeanwhile since a look began. */
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
