import { type Instant, wall } from "@crossline/contracts";
import type { TimelinePartition } from "@crossline/projection";
import type { ScheduleHints } from "./agenda.ts";

/**
 * Below which instant nothing is armed in a partition of the wall, as far as this process knows. A look into the due index
 * begins there: what has fired stays in the index until it is vacuumed, and where a snapshot is open anywhere in the
 * cluster that is not before it is closed. (A forgotten one, 1.3 k firings/s: every look passed over all of them.)
 *
 * It only says where to begin: what is armed earlier is heard of with its commit, and every partition is looked at from its
 * beginning at the start, after a fault, and once a minute.
 */
export type Watermarks = {
  /** `-Infinity`: from the beginning. */
  of(scope: TimelinePartition): Instant;
  hear(armed: ScheduleHints["armed"]): void;
  /** Asks for what is due next in some scopes, from their watermarks on; what is heard meanwhile counts as found. */
  look<Found extends LookedUp>(ask: () => Promise<readonly Found[]>): Promise<readonly Found[]>;
  /** Of one partition; without one, of all, and no watermark is used for 5 s: a commit that is in doubt may still come. */
  forget(partition?: number): void;
};

type LookedUp = TimelinePartition & { readonly dueAt: Instant | null; readonly now: Instant };

const doubtMs = 5_000;

export function createWatermarks(clock: () => number = () => performance.now()): Watermarks {
  let trustedFrom = clock();
  const lows = new Map<number, Instant>();
  /** What was heard since a look began. */
  const looks = new Set<Map<number, Instant>>();

  return {
    of({ timeline, partition }) {
      if (timeline !== wall || clock() < trustedFrom) return -Infinity;
      return lows.get(partition) ?? -Infinity;
    },
    hear(armed) {
      for (const { partition, dueAt } of armed) {
        const low = lows.get(partition);
        if (low !== undefined && dueAt < low) lows.set(partition, dueAt);
        for (const heard of looks) heard.set(partition, Math.min(dueAt, heard.get(partition) ?? Infinity));
      }
    },
    async look(ask) {
      const heard = new Map<number, Instant>();
      looks.add(heard);
      try {
        const found = await ask();
        if (!looks.has(heard)) return found;
        for (const { timeline, partition, dueAt, now } of found) {
          if (timeline === wall) lows.set(partition, Math.min(dueAt ?? now, heard.get(partition) ?? Infinity));
        }
        return found;
      } finally {
        looks.delete(heard);
      }
    },
    forget(partition) {
      if (partition !== undefined) {
        lows.delete(partition);
        return;
      }
      trustedFrom = clock() + doubtMs;
      lows.clear();
      looks.clear();
    },
  };
}
