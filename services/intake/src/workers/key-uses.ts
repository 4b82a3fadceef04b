import type { Authenticator } from "@crossline/access";
import type { Database } from "@crossline/postgres";
import { type Log, startLoop } from "@crossline/service";
import { saveKeyUses } from "../store/keys.ts";

const everyMs = 60_000;

/**
 * Starts a loop that saves the last use of each API key once a minute and when the loop stops. A request therefore costs no write. Only
 * intake saves the uses of keys, because it receives every external request, including requests for the other services.
 */
export function startKeyUses(database: Database, authenticate: Authenticator, log: Log): { stop(): Promise<void> } {
  let savedUntil = -Infinity;
  async function save(): Promise<void> {
    const until = performance.now();
    await saveKeyUses(database, authenticate.usedSince(savedUntil));
    savedUntil = until;
  }
  const loop = startLoop({
    name: "uses of keys",
    log,
    run: async () => {
      await save();
      return { sleepMs: everyMs };
    },
    backOff: { firstMs: 1_000, longestMs: everyMs },
  });
  return {
    async stop() {
      await loop.stop();
      await save();
    },
  };
}
