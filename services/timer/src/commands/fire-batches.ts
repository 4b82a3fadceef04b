import type { ClockEvent } from "@crossline/contracts";
import { type FireDeps, batchMax, fireDue } from "./fire-due.ts";
import type { LowScope } from "../store/due-cases.ts";

/** After so many full batches in a lane the partitions are looked at anew: whether they are ours, and read to their end. */
const laneBatchesMax = 5;
const laneCount = 2;

export type FiredBatches = {
  /** How many cases were looked at. 0: nothing was due. */
  readonly rows: number;
  /** Something more may be due. */
  readonly hasMore: boolean;
  /** More was due than a transaction takes: a backlog. */
  readonly isCut: boolean;
  readonly refused: ReadonlySet<number>;
};

/**
 * Fires one batch, and where that was full, others in two lanes: while one decides, the database works for the other. Each
 * has scopes of its own: nothing is locked while it is read, so both would decide the same. `onFired` is told after each
 * commit.
 */
export async function fireBatches(
  deps: FireDeps,
  scopes: readonly LowScope[],
  onFired: (clockEvents: readonly ClockEvent[]) => void,
): Promise<FiredBatches> {
  const refused = new Set<number>();
  let rows = 0;
  let isCut = false;
  const fireBatch = async (some: readonly LowScope[]): Promise<number> => {
    const fired = await fireDue(deps, some);
    onFired(fired.clockEvents);
    for (const partition of fired.refused) refused.add(partition);
    rows += fired.rows;
    isCut ||= fired.isCut;
    return fired.rows;
  };
  const first = await fireBatch(scopes);
  let hasMore = first === batchMax;
  const lane = async (some: readonly LowScope[]): Promise<void> => {
    for (let left = laneBatchesMax; left > 0; left--) {
      if (refused.size > 0 || (await fireBatch(some)) < batchMax) return;
    }
    hasMore = true;
  };
  // All are waited for, also after a fault: none is left alone with its transaction.
  const lanes = hasMore ? split(scopes) : [];
  hasMore = false;
  const ends = await Promise.allSettled(lanes.map(lane));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return { rows, hasMore, isCut, refused };
}

function split(scopes: readonly LowScope[]): LowScope[][] {
  const lanes = Array.from({ length: laneCount }, (_, lane) =>
    scopes.filter((_scope, index) => index % laneCount === lane),
  );
  return lanes.filter(({ length }) => length > 0);
}
