import type { Database, Tx } from "@crossline/postgres";
import { backoffMs, pause } from "../backoff.ts";
import { createWakeup } from "../wakeup.ts";
import type { Broker, Log } from "../broker.ts";
import { insertMember, findMembers, deleteMember, unlockMember } from "./member-rows.ts";

/** The options of `startMemberWatch`. */
export type MemberWatchOptions = {
  readonly database: Database;
  readonly group: string;
  readonly broker: Broker;
  readonly log: Log;
  readonly signal: AbortSignal;
};

/** The watch over the members of a group. */
export type MemberWatch = {
  /** Resolves after the signal aborts; never rejects. */
  readonly running: Promise<void>;
  /** Reports the broker's new name for this member. */
  joined(memberId: string): void;
};

const pollMs = 1_000;
/**
 * The time between two polls that must both find that a process has ended. A member that has only lost its connection
 * reconnects within this time.
 */
const suspectPollMs = 400;
/**
 * A new member makes all other members rejoin, and inserts its row into `group_member` within this time. After this
 * time, a member that is alone in its group polls rarely.
 */
const enteredMs = 10_000;
const aloneMs = 60_000;
const reconnect = { firstMs: 50, maxMs: 250 };

/**
 * Removes from the group each member whose process has ended, including the member that this process had before a crash.
 * The partitions of these members move within about a second, instead of after the broker's session timeout of 6 s. The
 * removal of a running member is harmless: that member joins again, and the token in `inbox_offset` protects the data.
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
      const ended = others.filter(({ isGone }) => isGone).map((other) => other.memberId);
      for (const endedId of ended.filter((other) => suspects.includes(other))) await remove(session, endedId);
      suspects = ended;
      const isAlone = others.length === 0 && performance.now() - joinedAt > enteredMs;
      await wakeup.wait(ended.length > 0 ? suspectPollMs : isAlone ? aloneMs : pollMs, lost);
    }
    if (signal.aborted && entered !== undefined) await deleteMember(session, entered);
  }

  async function remove(session: Tx, endedId: string): Promise<void> {
    try {
      await broker.removeMember?.(group, endedId);
    } catch (error) {
      log.debug({ group, err: error }, "a member whose process has ended was not removed yet");
      return; // the next poll retries
    }
    await deleteMember(session, endedId);
    log.info({ group }, "a member whose process has ended was removed from the group");
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await database.session((session, lost) => {
          attempt = 0;
          return follow(session, AbortSignal.any([signal, lost]));
        });
      } catch (error) {
        if (!signal.aborted)
          log.debug({ group, err: error }, "the watch over the members of the group has failed and restarts");
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
