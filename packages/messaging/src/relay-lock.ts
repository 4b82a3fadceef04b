import type { Tx } from "@crossline/postgres";
import { pause } from "./backoff.ts";

const standbyMs = 200;
const pingMs = { normal: 2_000, silentMin: 5_000 };

/**
 * Waits for the relay lock; returns false if the signal aborts first. A waiting relay holds a second, shared lock. The
 * active relay checks this shared lock to find out whether a standby exists.
 */
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
 * Prepares the session of the active relay. Turns off synchronous commit. If a crash of Postgres loses the deletion of
 * sent rows, the relay only sends the records of these rows again. `isAlone` returns true if no standby waits; `end`
 * stops the statements that keep the session alive.
 *
 * A frozen process keeps its connections and its locks. Postgres therefore ends this session after 5 s without a statement, or after
 * three times `pollMs`, so that a standby can take over. When the frozen process resumes, it sends duplicates.
 */
export async function keepSessionAlive(
  session: Tx,
  pollMs = pingMs.normal,
): Promise<{ readonly isAlone: () => boolean; readonly end: () => void }> {
  await session.query({
    text: `-- outbox.end-when-silent
set idle_session_timeout = ${Math.max(pingMs.silentMin, 3 * pollMs)}`,
  });
  await session.query({ text: "-- outbox.not-flushed\nset synchronous_commit = off" });
  let isAlone = false;
  const ping = async (): Promise<void> => {
    const [row] = await session.query<{ alone: boolean }>({
      name: "outbox.still-here",
      text: `
        -- outbox.still-here
        select pg_try_advisory_xact_lock(hashtext('crossline.relay.standby'), hashtext(current_schema())) as alone`,
    });
    isAlone = row?.alone === true;
  };
  await ping();
  const pings = setInterval(() => void ping().catch(() => {}), Math.max(pingMs.normal, pollMs)); // the session's signal reports a lost connection
  return { isAlone: () => isAlone, end: () => clearInterval(pings) };
}
