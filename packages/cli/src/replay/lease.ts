import { setTimeout as delay } from "node:timers/promises";
import { type Tx, connect } from "@crossline/postgres";
import { CommandFault } from "../fault.ts";

const lockName = "crossline.replay";
const againMs = 100;
const patienceMs = 60_000;

export type Lease = { readonly release: () => Promise<void> };

/**
 * Says, for as long as it is held, that a replay of this installation is alive; a replay that was killed holds none. `alone` runs
 * first where no other replay is alive, and keeps others from beginning.
 */
export async function takeLease(url: string, alone: () => Promise<void>, isNeeded = false): Promise<Lease> {
  const database = connect({ url, schema: "public", applicationName: "crossline-replay", onError: () => {} });
  const taken = Promise.withResolvers<void>();
  const ending = Promise.withResolvers<void>();
  const session = database.session(async (tx) => {
    if (await lock(tx, "pg_try_advisory_lock")) await alone();
    else if (isNeeded) throw new CommandFault("A replay is running here: wait until it has ended, or stop it.");
    for (const deadline = performance.now() + patienceMs; !(await lock(tx, "pg_try_advisory_lock_shared"));) {
      if (performance.now() > deadline) throw new CommandFault("Another replay has been cleaning up for a minute.");
      await delay(againMs);
    }
    await lock(tx, "pg_advisory_unlock");
    taken.resolve();
    await ending.promise;
  });
  session.catch((cause: unknown) => taken.reject(cause));
  const release = async (): Promise<void> => {
    ending.resolve();
    await session.catch(() => {}); // The connection may be gone, and the lock with it.
    await database.close();
  };
  try {
    await taken.promise;
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
