import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@crossline/postgres";
import { waitInTurn } from "@crossline/service";
import { findTimeline } from "../store/timelines.ts";
import type { OtherServices } from "../services/other-services.ts";
import { type TimelineStatus, timelineStatusOf } from "./status.ts";

/**
 * Waits up to 2 s until a stepped timeline has been caught up since the call. Every service then shows the effects of all earlier
 * commands. Resolves to true if the timeline was caught up in time. The wait does not delay commands or `advance`.
 */
export type AwaitEffects = (party: string, timeline: string) => Promise<boolean>;

export type EffectsDeps = {
  readonly database: Database;
  readonly services: Pick<OtherServices, "timelineReports">;
  /** Aborted when this process stops, so that no read waits any longer. */
  readonly signal: AbortSignal;
};

type StatusReading = { readonly begunAt: number; readonly marks: number; readonly status: TimelineStatus };
type ReadWaiter = { readonly since: number; marks?: number; readonly resolve: (isCaughtUp: boolean) => void };

const waitMs = 2_000;
const firstPauseMs = 1;
const longestPauseMs = 50;

/** All reads of one timeline share its polls, so a thousand reads cost as much as one. It polls at most 16 timelines of each party at a time. */
export function createAwaitEffects(deps: EffectsDeps): AwaitEffects {
  const readsByTimeline = new Map<string, Set<ReadWaiter>>();

  async function pollFor(party: string, timeline: string, reads: Set<ReadWaiter>): Promise<void> {
    try {
      await waitInTurn(party, () => pollForReads(deps, timeline, reads));
    } catch {
      // The read itself meets the same fault of the database and reports it.
    }
    if (readsByTimeline.get(timeline) === reads) readsByTimeline.delete(timeline);
    for (const { resolve } of reads) resolve(false);
  }

  return async (party, timeline) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const read = { since: performance.now(), resolve };
    const others = readsByTimeline.get(timeline);
    // A loop with an empty set is about to end, so this read must not join it.
    if (others === undefined || others.size === 0) {
      const reads = new Set<ReadWaiter>([read]);
      readsByTimeline.set(timeline, reads);
      void pollFor(party, timeline, reads);
    } else {
      others.add(read);
    }
    return promise;
  };
}

async function pollForReads({ database, services, signal }: EffectsDeps, timeline: string, reads: Set<ReadWaiter>) {
  let before: StatusReading | undefined;
  let pauseMs = firstPauseMs;
  while (reads.size > 0 && !signal.aborted) {
    const begunAt = performance.now();
    const row = await findTimeline(database, timeline);
    if (row?.mark == null) return;
    const status = timelineStatusOf(await services.timelineReports(database, timeline), row.mark);
    const reading = { begunAt, marks: row.marks, status };
    for (const read of reads) {
      const isCaughtUp = isCaughtUpFor(read, before, reading);
      if (!isCaughtUp && performance.now() - read.since < waitMs) continue;
      reads.delete(read);
      read.resolve(isCaughtUp);
    }
    before = reading;
    if (status.isCaughtUp) continue; // The second poll follows at once.
    await delay(pauseMs);
    pauseMs = Math.min(longestPauseMs, pauseMs * 1.5);
  }
}

/**
 * Two observations prove that the timeline was caught up after the read arrived. Either two polls since then agree that it is, or its
 * mark has moved twice since then. `advance` moves the mark only on a caught-up timeline, and the second move was after the first.
 */
function isCaughtUpFor(read: ReadWaiter, before: StatusReading | undefined, reading: StatusReading): boolean {
  if (reading.begunAt < read.since) return false;
  read.marks ??= reading.marks;
  if (reading.marks >= read.marks + 2) return true;
  if (before === undefined || before.begunAt < read.since) return false;
  const isSame = before.marks === reading.marks && before.status.counts === reading.status.counts;
  return isSame && before.status.isCaughtUp && reading.status.isCaughtUp;
}
