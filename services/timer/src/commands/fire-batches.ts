import type { ClockEvent } from "@crossline/contracts";
import { type FireDeps, batchMax, fireDue } from "./fire-due.ts";
import type { LowScope } from "../store/due-cases.ts";

/**
 * After this number of full batches in a lane, the scanner checks again which partitions the process owns and has read to the end.
 */
const laneBatchesMax = 5;
const laneCount = 2;

export type FiredBatches = {
  /** The number of cases that the transactions read. */
  readonly rows: number;
  /** True if a lane fired its maximum number of full batches, so that further cases may be due. */
  readonly hasMore: boolean;
  /** True if there may be a backlog: more due cases than one transaction reads. */
  readonly isCut: boolean;
  readonly refused: ReadonlySet<number>;
};

/**
 * Fires one batch. If the batch was full, fires further batches in two lanes. While the process decides the cases of one lane, the
 * database executes the statements of the other lane. Each lane has its own scopes. Two lanes with the same scopes would decide the
 * same cases, because a read locks no row. Calls `onFired` after each commit.
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
  // Waits for all lanes, even after a fault, so that no transaction of a lane continues in the background.
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
