import type { Tx } from "@crossline/postgres";
import { pause } from "./backoff.ts";

const standbyMs = 200;
const silentMaxMs = 5_000;
const signOfLifeMs = 2_000;

/** Who waits holds another lock meanwhile, shared by all who wait, by which the active one knows that it is not alone. */
export async function waitForLock(session: Tx, onTry: () => void, signal: AbortSignal): Promise<boolean> {
  const standby = (change: "lock" | "unlock") =>
    session.query({
      text: `
        -- outbox.${change}-standby
        select pg_advisory_${change}_shared(hashtext('crossline.relay.standby'), hashtext(current_schema()))`,
    });
  for (let waits = false; !signal.aborted; waits = true) {
    onTry();
    const [row] = await session.query<{ locked: boolean }>({
      text: `
        -- outbox.lock-relay
        select pg_try_advisory_lock(hashtext('crossline.relay'), hashtext(current_schema())) as locked`,
    });
    const isLocked = row?.locked === true;
    if (isLocked && waits) await standby("unlock");
    if (isLocked) return true;
    if (!waits) await standby("lock");
    await pause(standbyMs, signal);
  }
  return false;
}

/**
 * Nothing here need be flushed: a delete that is lost in a crash means a second sending, no more.
 *
 * A frozen process keeps its connections, and with them its locks, for as long as it is frozen: Postgres ends this one when
 * it hears nothing for 5 s, and a standby takes over. What the frozen one sends when it thaws is a repetition.
 */
export async function keepSessionAlive(
  session: Tx,
): Promise<{ readonly isAlone: () => boolean; readonly end: () => void }> {
  await session.query({
    text: `-- outbox.end-when-silent
set idle_session_timeout = ${silentMaxMs}`,
  });
  await session.query({ text: "-- outbox.not-flushed\nset synchronous_commit = off" });
  let isAlone = false;
  const sign = async (): Promise<void> => {
    const [row] = await session.query<{ alone: boolean }>({
      name: "outbox.still-here",
      text: `
        -- outbox.still-here
        select pg_try_advisory_xact_lock(hashtext('crossline.relay.standby'), hashtext(current_schema())) as alone`,
    });
    isAlone = row?.alone === true;
  };
  await sign();
  const signs = setInterval(() => void sign().catch(() => {}), signOfLifeMs); // a lost connection tells of itself
  return { isAlone: () => isAlone, end: () => clearInterval(signs) };
}
