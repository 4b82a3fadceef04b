import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@crossline/postgres";
import { waitInTurn } from "@crossline/service";
import { findTimeline } from "../store/timelines.ts";
import type { OtherServices } from "../services/other-services.ts";
import { type TimelineStatus, timelineStatusOf } from "./status.ts";

/**
 * Waits for up to 2 s until a stepped timeline has been at rest since the call: then all that was done before shows its effects in
 * every service. Says whether it has. A wait takes no turn from commands and `advance`.
 */
export type AwaitEffects = (party: string, timeline: string) => Promise<boolean>;

export type EffectsDeps = {
  readonly database: Database;
  readonly services: Pick<OtherServices, "timelineReports">;
  /** Aborted when this process stops: nothing is waited for then. */
  readonly signal: AbortSignal;
};

type StatusReading = { readonly begunAt: number; readonly marks: number; readonly standing: TimelineStatus };
type WaitingRead = { readonly since: number; marks?: number; readonly resolve: (isAtRest: boolean) => void };

const waitMs = 2_000;
const firstPauseMs = 1;
const longestPauseMs = 50;

/** Readers of one timeline share its looks, so that a thousand of them cost as much as one. Of each party 16 timelines are looked at. */
export function createAwaitEffects(deps: EffectsDeps): AwaitEffects {
  const waiting = new Map<string, Set<WaitingRead>>();

  async function watch(party: string, timeline: string, readers: Set<WaitingRead>): Promise<void> {
    try {
      await waitInTurn(party, () => pollForReads(deps, timeline, readers));
    } catch {
      // The read itself meets what is wrong with the database, and says so.
    }
    if (waiting.get(timeline) === readers) waiting.delete(timeline);
    for (const { resolve } of readers) resolve(false);
  }

  return async (party, timeline) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const reader = { since: performance.now(), resolve };
    const others = waiting.get(timeline);
    // Without a reader it looks no more, and is about to end.
    if (others === undefined || others.size === 0) {
      const readers = new Set<WaitingRead>([reader]);
      waiting.set(timeline, readers);
      void watch(party, timeline, readers);
    } else {
      others.add(reader);
    }
    return promise;
  };
}

async function pollForReads({ database, services, signal }: EffectsDeps, timeline: string, readers: Set<WaitingRead>) {
  let before: StatusReading | undefined;
  let pauseMs = firstPauseMs;
  while (readers.size > 0 && !signal.aborted) {
    const begunAt = performance.now();
    const row = await findTimeline(database, timeline);
    if (row?.mark == null) return;
    const look = {
      begunAt,
      marks: row.marks,
      standing: timelineStatusOf(await services.timelineReports(database, timeline), row.mark),
    };
    for (const reader of readers) {
      const isAtRest = isCaughtUpFor(reader, before, look);
      if (!isAtRest && performance.now() - reader.since < waitMs) continue;
      readers.delete(reader);
      reader.resolve(isAtRest);
    }
    before = look;
    if (look.standing.isCaughtUp) continue; // The second look follows at once.
    await delay(pauseMs);
    pauseMs = Math.min(longestPauseMs, pauseMs * 1.5);
  }
}

/**
 * Two looks since the reader came agree that the timeline is quiet. Or its mark has moved twice since: `advance` moves it only when
 * the timeline is quiet, and the second time that was after the first move.
 */
function isCaughtUpFor(reader: WaitingRead, before: StatusReading | undefined, look: StatusReading): boolean {
  if (look.begunAt < reader.since) return false;
  reader.marks ??= look.marks;
  if (look.marks >= reader.marks + 2) return true;
  if (before === undefined || before.begunAt < reader.since) return false;
  const isSame = before.marks === look.marks && before.standing.counts === look.standing.counts;
  return isSame && before.standing.isCaughtUp && look.standing.isCaughtUp;
}
