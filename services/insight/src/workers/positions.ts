import { type Consumer } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { savePositions } from "../store/positions.ts";

export type PositionDeps = {
  readonly database: Database;
  readonly consumer: Pick<Consumer, "fences" | "owned" | "caughtUp">;
  readonly log: Log;
  readonly positionMs: number;
};

/**
 * Starts the loop that saves how far this process has read its partitions. A partition that is not caught up keeps its position, so
 * a report never says that it is newer than it is.
 */
export function startPositions({ database, consumer, log, positionMs }: PositionDeps): Loop {
  const run = async (): Promise<{ sleepMs: number }> => {
    const owned = consumer.owned();
    const sleepMs = owned.length > 0 ? positionMs : Math.min(positionMs, 200);
    if (owned.length === 0) return { sleepMs };
    const readToEnd = owned.map((partition) => ({ partition, isCaughtUp: consumer.caughtUp(partition) }));
    await database.transaction(async (tx) => {
      const ours = await consumer.fences(tx, owned);
      await savePositions(
        tx,
        readToEnd.filter(({ partition }) => ours.has(partition)),
      );
    });
    return { sleepMs };
  };
  return startLoop({ name: "positions", log, run });
}
