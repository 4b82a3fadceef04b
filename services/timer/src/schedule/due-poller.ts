import { type Instant, wall } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type LowScope, earliestStored } from "../store/due-cases.ts";
import type { TimelinePartition } from "@crossline/projection";
import type { Agenda, Appointment, ScheduleHints } from "./agenda.ts";
import { createScanStarts } from "./scan-starts.ts";

const peekMs = 1_000;
/** The poller reads each partition from its beginning about once a minute, one partition after the other. */
const forgetMs = 60_000;

/** Polls the table for the next deadlines, and writes them into the agenda. */
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

  /**
   * Reads the next deadline of each scope, and adds an appointment for the deadline to the agenda. No appointment is earlier than
   * `againAfterMs` from now.
   */
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

    /**
     * Polls the wall timeline of all partitions once a second, so that the scanner stays correct even if the agenda loses
     * appointments.
     */
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
    /**
     * Resets the scan starts and the time of the last poll. The scanner calls this function after a change of the owned partitions,
     * and after a commit with unknown deadlines.
     */
    forget(): void {
      scanStarts.forget();
      peekedAt = -Infinity;
    },
  };
}

/**
 * Estimates Postgres' clock between two polls from the monotonic clock of the process. The scanner uses the estimate only to schedule
 * reads, never to fire a clock.
 */
function createTime() {
  let read: { readonly instant: Instant; readonly at: number } | undefined;
  return {
    set: (instant: Instant): void => void (read = { instant, at: performance.now() }),
    now: (): Instant => (read === undefined ? -Infinity : read.instant + performance.now() - read.at),
  };
}
