import { emptyRemoved } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { removeRows } from "../store/removed-rows.ts";

const lookAgainMs = 60_000;

/** Deletes what removed timelines have left here, in bounded steps. To be woken when one was removed. */
export function startRemoval(database: Database, partitions: number, log: Log): Loop {
  return startLoop({
    name: "removal of timelines",
    log,
    backOff: { firstMs: 1_000, longestMs: lookAgainMs },
    run: async () => ({ sleepMs: (await emptyRemoved(database, partitions, removeRows)) ? 0 : lookAgainMs }),
  });
}
