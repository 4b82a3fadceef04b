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
  /** Told after the commit. */
  readonly onFired: (clockEvents: readonly ClockEvent[]) => void;
};

export type Scanner = Loop & {
  /** Something was committed that may come due sooner than the scanner knows. */
  takeHints(hints: ScheduleHints): void;
  /** Something may have been committed of which it will not hear. */
  distrust(): void;
};

/** How soon to look again whether partitions have come, while there are none. */
const nothingOwnedMs = 100;
/** How soon to look again at what is due but in somebody else's hands, or not to be fired yet. */
const blockedMs = 3;
const behindMs = 20;
const refusedMs = 200;
const reviewMs = 30_000;

/**
 * Fires what comes due, in the partitions that this process owns. It sleeps until the earliest deadline that it knows of;
 * after a pass that fired all there was, at least as long as `pauseAfter` says.
 *
 * On the wall only partitions that were read to their end fire: else the fact that satisfies a clock may lie there unread.
 * Other timelines fire before their mark, which promises just that.
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

  /** Looks everything over: at the start, when partitions came or went, and now and then. */
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
      // A backlog is drained without a rest. The worker soon looks again at what another process has claimed.
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

  /** When to look again, on the monotonic clock. No news shortens a rest. */
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
