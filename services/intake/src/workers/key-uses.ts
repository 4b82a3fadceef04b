import type { Authenticator } from "@crossline/access";
import type { Database } from "@crossline/postgres";
import { type Log, startLoop } from "@crossline/service";
import { saveKeyUses } from "../store/keys.ts";

const everyMs = 60_000;

/**
 * Writes down once a minute which keys were used, and once more when it is stopped: a request costs no write. Every request from
 * outside comes by intake, those that it passes on too, so that no other service has to say which keys it met.
 */
export function startKeyUses(database: Database, authenticate: Authenticator, log: Log): { stop(): Promise<void> } {
  let written = -Infinity;
  async function write(): Promise<void> {
    const until = performance.now();
    await saveKeyUses(database, authenticate.usedSince(written));
    written = until;
  }
  const loop = startLoop({
    name: "uses of keys",
    log,
    run: async () => {
      await write();
      return { sleepMs: everyMs };
    },
    backOff: { firstMs: 1_000, longestMs: everyMs },
  });
  return {
    async stop() {
      await loop.stop();
      await write();
    },
  };
}
