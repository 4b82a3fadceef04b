import { type DeleteTimelineRows, deleteRemovedTimelines } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";

const everyMs = 60_000;
const expiredRowsMax = 1_000;
const backOff = { firstMs: 1_000, longestMs: everyMs };

export type ExpiryDeps = {
  readonly database: Database;
  readonly log: Log;
  readonly expire: (database: Database, rowsMax: number) => Promise<number>;
};

/**
 * Deletes expired rows once a minute, and again at once after a full batch. Several processes can delete rows at the
 * same time.
 */
export function startExpiry({ database, log, expire }: ExpiryDeps): Loop {
  return startLoop({
    name: "expiry",
    log,
    backOff,
    run: async () => ({ sleepMs: (await expire(database, expiredRowsMax)) === expiredRowsMax ? 0 : everyMs }),
  });
}

export type RemovalDeps = {
  readonly database: Database;
  readonly log: Log;
  readonly partitions: number;
  readonly removeRows: DeleteTimelineRows;
};

/** Deletes the rows of removed timelines in batches. The consumer wakes this loop when a timeline is removed. */
export function startRemoval({ database, log, partitions, removeRows }: RemovalDeps): Loop {
  return startLoop({
    name: "removal of timelines",
    log,
    backOff,
    run: async () => ({ sleepMs: (await deleteRemovedTimelines(database, partitions, removeRows)) ? 0 : everyMs }),
  });
}
