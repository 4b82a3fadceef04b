import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@crossline/postgres";
import { waitInTurn } from "@crossline/service";
import { findTimeline } from "../store/timelines.ts";
import type { OtherServices } from "../services/other-services.ts";
import { type TimelineStatus, timelineStatusOf } from "./status.ts";

/**
 * Waits up to 2 s until a stepped timeline is caught up at some moment after the call. After the wait, every service shows the
 * effects of all commands that ended before the call. Resolves to true if the timeline was caught up in time. The wait does not
 * delay commands or `advance`.
 */
export type AwaitEffects = (party: string, timeline: string) => Promise<boolean>;

export type EffectsDeps = {
  readonly database: Database;
  readonly services: Pick<OtherServices, "timelineReports">;
  /** Aborts when this process stops, so that waiting reads end. */
  readonly signal: AbortSignal;
};

type StatusReading = { readonly begunAt: number; readonly marks: number; readonly status: TimelineStatus };
type ReadWaiter = { readonly since: number; marks?: number; readonly resolve: (isCaughtUp: boolean) => void };

const waitMs = 2_000;
const firstPauseMs = 1;
const longestPauseMs = 50;

/**
 * Creates the function that waits until a timeline is caught up. All reads of one timeline share the same polls, so a thousand reads
 * cost as much as one. The function polls at most 16 timelines of each party at a time.
 */
export function createAwaitEffects(deps: EffectsDeps): AwaitEffects {
  const readsByTimeline = new Map<string, Set<ReadWaiter>>();

  async function pollFor(party: string, timeline: string, reads: Set<ReadWaiter>): Promise<void> {
    try {
      await waitInTurn(party, () => pollForReads(deps, timeline, reads));
    } catch {
      // The poll needs no error handling: the waiting read finds the same fault of the database and reports it.
    }
    if (readsByTimeline.get(timeline) === reads) readsByTimeline.delete(timeline);
    for (const { resolve } of reads) resolve(false);
  }

  return async (party, timeline) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const read = { since: performance.now(), resolve };
    const others = readsByTimeline.get(timeline);
    // If the set contains no read, the loop for the set is about to end. The new read therefore starts a loop of its own.
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
    if (status.isCaughtUp) continue; // The next poll follows at once to confirm the result.
    await delay(pauseMs);
    pauseMs = Math.min(longestPauseMs, pauseMs * 1.5);
  }
}

/**
 * Returns true if the timeline was certainly caught up at some moment after the read arrived. The proof is two equal polls that
 * began after the arrival and found the timeline caught up, or two new marks after the arrival. `advance` moves the mark only
 * on a caught-up timeline, so the timeline was caught up between the two marks.
 */
function isCaughtUpFor(read: ReadWaiter, before: StatusReading | undefined, reading: StatusReading): boolean {
  if (reading.begunAt < read.since) return false;
  read.marks ??= reading.marks;
  if (reading.marks >= read.marks + 2) return true;
  if (before === undefined || before.begunAt < read.since) return false;
  const isSame = before.marks === reading.marks && before.status.counts === reading.status.counts;
  return isSame && before.status.isCaughtUp && reading.status.isCaughtUp;
}
