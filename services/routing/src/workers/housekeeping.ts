import { expireKeys } from "@crossline/idempotency";
import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";

const batchMax = 1_000;
const lookAgainMs = 60_000;

/** Forgets answers to idempotency keys after their 24 hours. */
export function startHousekeeping(database: Database, log: Log): Loop {
  return startLoop({
    name: "housekeeping",
    log,
    backOff: { firstMs: 1_000, longestMs: 60_000 },
    run: async () => ({ sleepMs: (await expireKeys(database, batchMax)) === batchMax ? 0 : lookAgainMs }),
  });
}
