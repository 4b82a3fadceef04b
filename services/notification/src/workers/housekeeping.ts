import { type Database, now } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { deleteBundles } from "../store/bundle.ts";
import { deleteStaleCircuits } from "../store/circuit.ts";
import { deleteEnded } from "../store/delivery.ts";
import { deleteEarlyEvents } from "../store/early-event.ts";
import { abandonHopeless, moveMembers } from "../store/outcome.ts";
import { deleteRingTests } from "../store/ring-test.ts";
import { forgetFormerSecrets } from "../store/secrets.ts";
import { publishAbandoned, type UnreachableAlarms } from "../commands/publish-abandoned.ts";

export type HousekeepingDeps = {
  readonly database: Database;
  readonly log: Log;
  /** The time for which an ended delivery stays in the log. */
  readonly keptMs: number;
  /** Returns the partitions that this process owns and has read to the end on every topic. */
  readonly readToEnd: () => readonly number[];
  readonly onAbandoned: (count: number, alarms: UnreachableAlarms) => void;
};

const batchMax = 500;
const everyMs = 30_000;

/**
 * Starts the loop that deletes old rows, and abandons deliveries that cannot succeed. Any number of processes can run this loop
 * concurrently.
 */
export function startHousekeeping(deps: HousekeepingDeps): Loop {
  const { database, log, keptMs, readToEnd, onAbandoned } = deps;
  return startLoop({
    name: "housekeeping",
    log,
    run: async () => {
      const { abandoned, alarms } = await database.transaction(async (tx) => {
        const moment = await now(tx);
        const ended = await abandonHopeless(tx, moment, batchMax);
        const members = await moveMembers(
          tx,
          ended.map(({ deliveryId }) => deliveryId),
        );
        return { abandoned: ended.length, alarms: await publishAbandoned(tx, [...ended, ...members], moment) };
      });
      onAbandoned(abandoned, alarms);
      const deleted = await deleteEnded(database, (await now(database)) - keptMs, batchMax);
      await deleteEarlyEvents(database, readToEnd());
      await deleteStaleCircuits(database);
      await forgetFormerSecrets(database);
      await deleteRingTests(database, (await now(database)) - keptMs, batchMax);
      await deleteBundles(database, (await now(database)) - keptMs, batchMax);
      return { sleepMs: Math.max(abandoned, deleted) === batchMax ? 0 : everyMs };
    },
  });
}
