import { type ClockEvent, wall } from "@crossline/contracts";
import type { Consumer } from "@crossline/messaging";
import { type Loop, startLoop } from "@crossline/service";
import type { Log } from "@crossline/service";
import { scopesBehindMark } from "../store/due-cases.ts";
import { type Appointment, type ScheduleHints, createAgenda } from "../schedule/agenda.ts";
import { densityAfter, pauseMs, idleDensity } from "../schedule/density.ts";
import { fireBatches } from "../commands/fire-batches.ts";
import type { FireDeps } from "../commands/fire-due.ts";
import { createDuePoller } from "../schedule/due-poller.ts";
import { recheckClockless } from "../commands/clockless.ts";

export type ScannerDeps = Omit<FireDeps, "consumer" | "log"> & {
  readonly consumer: Pick<Consumer, "fences" | "owned" | "caughtUp">;
  readonly log: Log;
  /** The scanner calls this function after each commit. */
  readonly onFired: (clockEvents: readonly ClockEvent[]) => void;
};

export type Scanner = Loop & {
  /** Adds the deadlines of a commit, which may be earlier than the deadlines that the scanner knows. */
  takeHints(hints: ScheduleHints): void;
  /** Makes the scanner read all partitions again, because a commit may have stored deadlines that `takeHints` did not get. */
  distrust(): void;
};

/** The interval at which the scanner checks for partitions while the process owns no partition. */
const nothingOwnedMs = 100;
/** The wait after a pass that read no case: another process has fired the due cases, or the timer may not fire them yet. */
const blockedMs = 3;
const behindMs = 20;
const refusedMs = 200;
const reviewMs = 30_000;

/**
 * Starts the loop that fires due thresholds in the partitions that this process owns. The loop sleeps until the earliest deadline
 * that it knows. After a pass without a backlog, the loop sleeps at least for the time that `pauseAfter` returns.
 *
 * On the wall timeline, an unread event could have met an obligation. The cases of a partition therefore fire only while the consumer
 * has no unread record of the partition. On stepped timelines and imports, thresholds before the mark fire, because no event from
 * before the mark can follow the mark.
 */
export function startDueScanner(deps: ScannerDeps, pauseAfter = pauseMs): Scanner {
  const { database, consumer, onFired } = deps;
  const agenda = createAgenda();
  const poller = createDuePoller(database, agenda);
  let owned = "";
  let reviewedAt = -Infinity;
  let wakesAt = Infinity;
  let density = idleDensity;
  let pausesUntil = -Infinity;

  const isOpen = ({ timeline, partition, after }: Appointment): boolean =>
    after < poller.now() && (timeline !== wall || consumer.caughtUp(partition));

  /**
   * At the start, after a change of the owned partitions, and every 30 s, reads the timeline marks and checks the cases without
   * a clock.
   */
  async function reviewPartitions(partitions: readonly number[]): Promise<void> {
    const changed = partitions.join() !== owned;
    if (!changed && performance.now() - reviewedAt < reviewMs) return;
    agenda.keep(new Set(partitions));
    const behind = partitions.length === 0 ? [] : await scopesBehindMark(database, partitions);
    agenda.put(behind.map((scope) => ({ ...scope, after: -Infinity })));
    await recheckClockless(database, deps.lines);
    owned = partitions.join();
    reviewedAt = performance.now();
    if (changed) poller.forget();
  }

  async function fire(open: readonly Appointment[]): Promise<void> {
    try {
      const { rows, hasMore, isCut, refused } = await fireBatches(deps, open.map(poller.withLow), onFired);
      const ours = open.filter((scope) => !refused.has(scope.partition));
      const lost = open.filter((scope) => refused.has(scope.partition));
      agenda.put(lost.map((scope) => ({ ...scope, after: poller.now() + refusedMs })));
      if (hasMore) agenda.put(ours.map((scope) => ({ ...scope, after: -Infinity })));
      else await poller.peek(ours, rows === 0 ? blockedMs : 0);
      const at = performance.now();
      density = densityAfter(density, rows, at);
      // The scanner does not pause during a backlog, or after a pass that read no case.
      pausesUntil = isCut || rows === 0 ? at : at + pauseAfter(density);
    } catch (error) {
      agenda.put(open);
      poller.forget();
      throw error;
    }
  }

  async function run(): Promise<{ sleepMs: number }> {
    const partitions = consumer.owned();
    await reviewPartitions(partitions);
    await poller.peekRegularly(partitions);
    const open = agenda.take(isOpen);
    if (open.length > 0) await fire(open);
    wakesAt = nextAt();
    return { sleepMs: Math.max(0, wakesAt - performance.now()) };
  }

  /** Returns the instant of the loop's next pass on the monotonic clock. A new deadline never shortens the scanner's pause. */
  function nextAt(): number {
    const instant = poller.now();
    let ms = owned === "" ? nothingOwnedMs : poller.nextPeekMs();
    for (const appointment of agenda.list()) {
      const isDue = appointment.after < instant;
      ms = Math.min(ms, !isDue ? appointment.after - instant + 1 : isOpen(appointment) ? 0 : behindMs);
    }
    return Math.max(performance.now() + ms, pausesUntil);
  }

  const loop = startLoop({ name: "due scanner", log: deps.log, run });
  return {
    ...loop,
    takeHints(hints) {
      agenda.takeHints(hints);
      poller.takeHints(hints);
      if (nextAt() < wakesAt) loop.wake();
    },
    distrust: () => poller.forget(),
  };
}
