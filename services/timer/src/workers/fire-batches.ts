import type { ClockEvent } from "@crossline/contracts";
import { type FireDeps, batchMax, fireDue } from "./fire-due.ts";
import type { LowScope } from "../store/due-cases.ts";

/** After so many full batches in a lane the partitions are looked at anew: whether they are ours, and read to their end. */
const laneBatchesMax = 5;
const laneCount = 2;

export type FiredBatches = {
  /** Something more may be due. */
  readonly hasMore: boolean;
  /** Nothing was due, or somebody else had it in hand. */
  readonly isIdle: boolean;
  readonly refused: ReadonlySet<number>;
};

/**
 * Fires one batch, and where that was full, others in two lanes: while one decides, the database works for the other. What
 * one has locked the other skips. `onFired` is told after each commit.
 */
export async function fireBatches(
  deps: FireDeps,
  scopes: readonly LowScope[],
  onFired: (told: readonly ClockEvent[]) => void,
): Promise<FiredBatches> {
  const refused = new Set<number>();
  const batch = async (): Promise<number> => {
    const fired = await fireDue(deps, scopes);
    onFired(fired.told);
    for (const partition of fired.refused) refused.add(partition);
    return fired.rows;
  };
  const first = await batch();
  let hasMore = first === batchMax;
  const lane = async (): Promise<void> => {
    for (let left = laneBatchesMax; left > 0; left--) {
      if (!hasMore || refused.size > 0) return;
      hasMore = (await batch()) === batchMax;
    }
  };
  // All are waited for, also after a fault: none is left alone with its transaction.
  const ends = await Promise.allSettled(Array.from({ length: hasMore ? laneCount : 0 }, lane));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return { hasMore, isIdle: first === 0, refused };
}
