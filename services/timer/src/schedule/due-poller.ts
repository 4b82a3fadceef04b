import { type Instant, wall } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type LowScope, earliestStored } from "../store/due-cases.ts";
import type { TimelinePartition } from "@crossline/projection";
import type { Agenda, Appointment, ScheduleHints } from "./agenda.ts";
import { createScanStarts } from "./scan-starts.ts";

const peekMs = 1_000;
/** One partition after the other is looked at from its beginning again, each about once a minute. */
const forgetMs = 60_000;

/** Asks the table when something is due next, and writes it into the agenda. */
export function createDuePoller(database: Database, agenda: Agenda) {
  const scanStarts = createScanStarts();
  const time = createTime();
  let peekedAt = -Infinity;
  let forgotAt = performance.now();
  let forgetIndex = 0;

  const withLow = (scope: TimelinePartition): LowScope => ({
    timeline: scope.timeline,
    partition: scope.partition,
    low: scanStarts.of(scope),
  });

  /** What is due by now is looked at again after some milliseconds. */
  async function peek(scopes: readonly TimelinePartition[], againAfterMs: number): Promise<void> {
    if (scopes.length === 0) return;
    const lookups = await scanStarts.update(() => earliestStored(database, scopes.map(withLow)));
    const instant = lookups[0]?.now;
    if (instant !== undefined) time.set(instant);
    const again = time.now() + againAfterMs;
    agenda.put(
      lookups.flatMap(({ timeline, partition, dueAt, mark }): Appointment[] => {
        if (dueAt === null) return [];
        if (timeline === wall) return [{ timeline, partition, after: dueAt < again ? again : dueAt }];
        return mark !== null && dueAt < mark ? [{ timeline, partition, after: again }] : [];
      }),
    );
  }

  return {
    peek,
    withLow,
    now: time.now,
    nextPeekMs: (): number => peekMs - (performance.now() - peekedAt),

    /** Looks at the walls of all partitions once a second: everything else that the agenda knows is only a hint. */
    async peekRegularly(partitions: readonly number[]): Promise<void> {
      const at = performance.now();
      if (at - peekedAt < peekMs) return;
      if (at - forgotAt >= forgetMs / Math.max(1, partitions.length)) {
        scanStarts.forget(partitions[forgetIndex++ % partitions.length]);
        forgotAt = at;
      }
      await peek(
        partitions.map((partition) => ({ timeline: wall, partition })),
        0,
      );
      peekedAt = performance.now();
    },
    takeHints: ({ armed }: Pick<ScheduleHints, "armed">): void => scanStarts.lower(armed),
    /** Partitions came or went, or something may have been armed of which nobody heard. */
    forget(): void {
      scanStarts.forget();
      peekedAt = -Infinity;
    },
  };
}

/** The real time between two looks at the database's clock, by this process' monotonic one: it only says when to look. */
function createTime() {
  let read: { readonly instant: Instant; readonly at: number } | undefined;
  return {
    set: (instant: Instant): void => void (read = { instant, at: performance.now() }),
    now: (): Instant => (read === undefined ? -Infinity : read.instant + performance.now() - read.at),
  };
}
