import { setTimeout as delay } from "node:timers/promises";
import { type Tx, connect } from "@crossline/postgres";
import { CommandFault } from "../fault.ts";

const lockName = "crossline.replay";
const againMs = 100;
const patienceMs = 60_000;

/** A lease, which shows other replays that a replay of this installation runs. */
export type Lease = { readonly release: () => Promise<void> };

/**
 * Takes a lease, which shows until `release` that a replay of this installation runs. A killed replay has no lease. If
 * no other replay runs, the function first calls `alone`. No other replay can begin while `alone` runs. Throws a
 * CommandFault if another replay runs and `isNeeded` is true.
 */
export async function takeLease(url: string, alone: () => Promise<void>, isNeeded = false): Promise<Lease> {
  const database = connect({ url, schema: "public", applicationName: "crossline-replay", onError: () => {} });
  const leased = Promise.withResolvers<void>();
  const ending = Promise.withResolvers<void>();
  const session = database.session(async (tx) => {
    if (await lock(tx, "pg_try_advisory_lock")) await alone();
    else if (isNeeded) throw new CommandFault("A replay is running: wait for its end, or stop it.");
    for (const deadline = performance.now() + patienceMs; !(await lock(tx, "pg_try_advisory_lock_shared"));) {
      if (performance.now() > deadline)
        throw new CommandFault("Another replay has been removing old data for a minute: try again later.");
      await delay(againMs);
    }
    await lock(tx, "pg_advisory_unlock");
    leased.resolve();
    await ending.promise;
  });
  session.catch((cause: unknown) => leased.reject(cause));
  const release = async (): Promise<void> => {
    ending.resolve();
    await session.catch(() => {}); // After a failure of the connection, Postgres releases the lock.
    await database.close();
  };
  try {
    await leased.promise;
    return { release };
  } catch (cause) {
    await release();
    throw cause;
  }
}

async function lock(
  tx: Tx,
  how: "pg_try_advisory_lock" | "pg_try_advisory_lock_shared" | "pg_advisory_unlock",
): Promise<boolean> {
  const [row] = await tx.query<{ done: boolean }>({
    text: `-- replay.lock
      select ${how}(hashtext($1)) as done`,
    values: [lockName],
  });
  return row?.done === true;
}
