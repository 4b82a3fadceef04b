import type { Database, Tx } from "@crossline/postgres";
import { backoffMs, pause } from "../backoff.ts";
import { createWakeup } from "../wakeup.ts";
import type { Broker, Log } from "../broker.ts";
import { insertMember, findMembers, deleteMember, unlockMember } from "./member-rows.ts";

export type MemberWatchOptions = {
  readonly database: Database;
  readonly group: string;
  readonly broker: Broker;
  readonly log: Log;
  readonly signal: AbortSignal;
};

export type MemberWatch = {
  /** Ends with the signal; never rejects. */
  readonly running: Promise<void>;
  /** The broker knows this process by another name from now on. */
  joined(memberId: string): void;
};

const lookMs = 1_000;
/** Who has just lost its connection is back within this time; whoever is gone is seen to be twice. */
const lookAgainMs = 400;
/** Somebody who comes makes everybody join anew, and enters within this time: who is alone after it has nobody to look after. */
const enteredMs = 10_000;
const aloneMs = 60_000;
const reconnect = { firstMs: 50, maxMs: 250 };

/**
 * Takes members out of the group whose process is gone, one that this process was before a crash among them: their partitions
 * move within about a second, instead of when the broker's session of 6 s is over. To be wrong is harmless: who was expelled
 * and lives joins again, and what may take effect is decided by the token in `inbox_offset`.
 */
export function startMemberWatch({ database, group, broker, log, signal }: MemberWatchOptions): MemberWatch {
  if (broker.removeMember === undefined) return { running: Promise.resolve(), joined: () => {} };
  const wakeup = createWakeup();
  let memberId: string | undefined;
  let joinedAt = performance.now();

  async function follow(session: Tx, lost: AbortSignal): Promise<void> {
    let entered: string | undefined;
    let suspects: readonly string[] = [];
    while (!lost.aborted) {
      wakeup.clear();
      if (memberId !== undefined && memberId !== entered) {
        await insertMember(session, memberId);
        if (entered !== undefined) await leave(session, entered);
        entered = memberId;
      }
      const others = await findMembers(session, entered);
      const gone = others.filter(({ isGone }) => isGone).map((other) => other.memberId);
      for (const one of gone.filter((other) => suspects.includes(other))) await takeOut(session, one);
      suspects = gone;
      const isAlone = others.length === 0 && performance.now() - joinedAt > enteredMs;
      await wakeup.wait(gone.length > 0 ? lookAgainMs : isAlone ? aloneMs : lookMs, lost);
    }
    if (signal.aborted && entered !== undefined) await deleteMember(session, entered);
  }

  async function takeOut(session: Tx, gone: string): Promise<void> {
    try {
      await broker.removeMember?.(group, gone);
    } catch (error) {
      log.debug({ group, err: error }, "a member whose process is gone was not taken out yet");
      return; // looked at again in a moment
    }
    await deleteMember(session, gone);
    log.info({ group }, "a member whose process is gone was taken out of the group");
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await database.session((session, lost) => {
          attempt = 0;
          return follow(session, AbortSignal.any([signal, lost]));
        });
      } catch (error) {
        if (!signal.aborted) log.debug({ group, err: error }, "the members of the group cannot be watched now");
      }
      await pause(backoffMs(attempt, reconnect.firstMs, reconnect.maxMs), signal);
    }
  }

  return {
    running: run(),
    joined(id) {
      memberId = id;
      joinedAt = performance.now();
      wakeup.notify();
    },
  };
}

async function leave(session: Tx, memberId: string): Promise<void> {
  await deleteMember(session, memberId);
  await unlockMember(session, memberId);
}
