import { type ClockEvent, type Instant, wall } from "@crossline/contracts";
import type { Consumer } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Loop, startLoop } from "@crossline/service";
import type { Log } from "@crossline/service";
import type { Applied } from "../consumers/applied.ts";
import { earliestStored, scopesBehindMark } from "../store/due-cases.ts";
import type { Scope } from "../store/timeline-marks.ts";
import { type Appointment, createAgenda } from "./agenda.ts";
import { type FireDeps, batchMax, fireDue } from "./fire-due.ts";
import { recheckClockless } from "./recheck-clockless.ts";

export type ScannerOptions = Omit<FireDeps, "consumer" | "log"> & {
  readonly consumer: Pick<Consumer, "fence" | "owned" | "caughtUp">;
  readonly log: Log;
  /** Told after the commit. */
  readonly onFired: (told: readonly ClockEvent[]) => void;
};

export type Scanner = Loop & {
  /** Something was committed that may come due sooner than the scanner knows. */
  hear(applied: Applied): void;
};

const idleMs = 1_000;
/** How soon to look again whether partitions have come, while there are none. */
const nothingOwnedMs = 100;
/** How soon to look again at what is due but in somebody else's hands, or not to be fired yet. */
const heldMs = 3;
const behindMs = 20;
const refusedMs = 200;
const lookOverMs = 30_000;

/**
 * Fires what comes due, in the partitions that this process owns. It sleeps until the earliest deadline that it knows of.
 *
 * On the wall only partitions that were read to their end fire: else the fact that satisfies a clock may lie there unread.
 * Other timelines fire before their mark, which promises just that.
 */
export function startDueScanner(options: ScannerOptions): Scanner {
  const { database, consumer, onFired } = options;
  const agenda = createAgenda();
  const time = createTime();
  let owned = "";
  let lookedOverAt = -Infinity;
  let peekedAt = -Infinity;
  let wakesAt = Infinity;

  const isOpen = ({ timeline, partition, after }: Appointment): boolean =>
    after < time.now() && (timeline !== wall || consumer.caughtUp(partition));

  /** Looks everything over: at the start, when partitions came or went, and now and then. */
  async function lookOver(partitions: readonly number[]): Promise<void> {
    const changed = partitions.join() !== owned;
    if (!changed && performance.now() - lookedOverAt < lookOverMs) return;
    agenda.keep(new Set(partitions));
    const behind = partitions.length === 0 ? [] : await scopesBehindMark(database, partitions);
    agenda.put(behind.map((scope) => ({ ...scope, after: -Infinity })));
    await recheckClockless(database, options.lines);
    owned = partitions.join();
    lookedOverAt = performance.now();
    if (changed) peekedAt = -Infinity;
  }

  async function peek(scopes: readonly Scope[], againAfterMs: number): Promise<void> {
    if (scopes.length > 0) agenda.put(await lookUp(database, time, scopes, againAfterMs));
  }

  async function fire(open: readonly Appointment[]): Promise<void> {
    try {
      const { told, rows, refused } = await fireDue(options, open);
      onFired(told);
      const ours = open.filter((scope) => !refused.has(scope.partition));
      const lost = open.filter((scope) => refused.has(scope.partition));
      agenda.put(lost.map((scope) => ({ ...scope, after: time.now() + refusedMs })));
      if (rows === batchMax) agenda.put(ours.map((scope) => ({ ...scope, after: -Infinity })));
      else await peek(ours, rows === 0 ? heldMs : 0);
    } catch (error) {
      agenda.put(open);
      throw error;
    }
  }

  async function run(): Promise<{ sleepMs: number }> {
    const partitions = consumer.owned();
    await lookOver(partitions);
    if (performance.now() - peekedAt >= idleMs) {
      const walls = partitions.map((number) => ({ timeline: wall, partition: number }));
      await peek(walls, 0);
      peekedAt = performance.now();
    }
    const open = agenda.take(isOpen);
    if (open.length > 0) await fire(open);
    const sleepMs = sleep();
    wakesAt = performance.now() + sleepMs;
    return { sleepMs };
  }

  function sleep(): number {
    const instant = time.now();
    let ms = owned === "" ? nothingOwnedMs : idleMs - (performance.now() - peekedAt);
    for (const appointment of agenda.list()) {
      const isDue = appointment.after < instant;
      ms = Math.min(ms, !isDue ? appointment.after - instant + 1 : isOpen(appointment) ? 0 : behindMs);
    }
    return Math.max(0, ms);
  }

  const loop = startLoop({ name: "due scanner", log: options.log, run });
  return {
    ...loop,
    hear(applied) {
      agenda.hear(applied);
      if (performance.now() + sleep() < wakesAt) loop.wake();
    },
  };
}

/** Asks the table when these scopes are due next. What is due by now is looked at again after some milliseconds. */
async function lookUp(
  database: Database,
  time: Time,
  scopes: readonly Scope[],
  againAfterMs: number,
): Promise<Appointment[]> {
  const found = await earliestStored(database, scopes);
  const instant = found[0]?.now;
  if (instant !== undefined) time.set(instant);
  const again = time.now() + againAfterMs;
  return found.flatMap(({ timeline, partition, dueAt, mark }) => {
    if (dueAt === null) return [];
    if (timeline === wall) return [{ timeline, partition, after: dueAt < again ? again : dueAt }];
    return mark !== null && dueAt < mark ? [{ timeline, partition, after: again }] : [];
  });
}

type Time = ReturnType<typeof createTime>;

/** The real time between two looks at the database's clock, by this process' monotonic one: it only says when to look. */
function createTime() {
  let read: { readonly instant: Instant; readonly at: number } | undefined;
  return {
    set: (instant: Instant): void => void (read = { instant, at: performance.now() }),
    now: (): Instant => (read === undefined ? -Infinity : read.instant + performance.now() - read.at),
  };
}
