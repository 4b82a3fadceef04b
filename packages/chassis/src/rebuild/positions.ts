import type { Consumer } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { savePositions } from "./position-rows.ts";

export type PositionDeps = {
  readonly database: Database;
  readonly consumer: Pick<Consumer, "fences" | "owned" | "caughtUp" | "pollAgeMaxMs" | "restartIfReset">;
  readonly log: Log;
  readonly positionMs: number;
};

/** While a partition is not caught up, its end may be near, and readers wait for it. */
const behindMs = 200;

/**
 * Starts the loop that saves how far this process has read its partitions. A partition that is not caught up keeps its position, so
 * a report never shows a position that is too late. After a reset of the inbox, the loop makes the consumer read all topics again.
 */
export function startPositions({ database, consumer, log, positionMs }: PositionDeps): Loop {
  const run = async (): Promise<{ sleepMs: number }> => {
    if (await consumer.restartIfReset()) return { sleepMs: behindMs };
    const owned = consumer.owned().map((partition) => ({ partition, isCaughtUp: consumer.caughtUp(partition) }));
    if (owned.length > 0)
      await database.transaction(async (tx) => {
        const ours = await consumer.fences(
          tx,
          owned.map(({ partition }) => partition),
        );
        await savePositions(
          tx,
          owned.filter(({ partition }) => ours.has(partition)),
          consumer.pollAgeMaxMs,
        );
      });
    const isBehind = owned.length === 0 || owned.some(({ isCaughtUp }) => !isCaughtUp);
    return { sleepMs: isBehind ? Math.min(behindMs, positionMs) : positionMs };
  };
  return startLoop({ name: "positions", log, run });
}
