import { type Chassis, type RunningParts, type ServiceRooms, defineService, migrationsOf } from "@crossline/chassis";
import { topicAccess, topics } from "@crossline/contracts";
import { lineMigrations, markMigrations } from "@crossline/projection";
import { createLines } from "@crossline/projection/compiled-lines";
import { timerConfig } from "./config.ts";
import type { AppliedBatch } from "./consumers/applied-batch.ts";
import { apply, readTypes } from "./consumers/apply.ts";
import { type TimerMetrics, createTimerMetrics, registerGauges } from "./metrics.ts";
import { createCaseWaiters } from "./routes/case-waiters.ts";
import { serveClocks } from "./routes/clocks.ts";
import { serveDeadlines } from "./routes/deadlines.ts";
import { servePreview } from "./routes/preview-move.ts";
import { reportEarliestDue } from "./routes/timelines.ts";
import { findHeads, readHeads } from "./store/heads.ts";
import type { Lines } from "./store/lines.ts";
import { removeRows } from "./store/removed-rows.ts";
import { type Scanner, startDueScanner } from "./workers/due-scanner.ts";

/** The timer runs the clocks of every case, and publishes their warnings and breaches. */
export const timer = defineService({
  name: "timer",
  openapi: { title: "Crossline timer", description: "Runs the clocks of every case." },
  config: timerConfig,
  settings: () => ({}),
  migrations: migrationsOf(import.meta, "@crossline/access", lineMigrations, markMigrations),
  reads: {
    topics: topicAccess.timer.reads,
    types: readTypes,
    heads: { [topics.clock]: readHeads },
    findHeads: { [topics.clock]: findHeads },
  },
  publishes: topicAccess.timer.owns,
  removeRows,
  build: buildTimer,
});

function buildTimer(chassis: Chassis): ServiceRooms<ReturnType<typeof offerOf>> {
  const { database, metrics, log, authenticate, wakeRelay } = chassis;
  const { internalKey, partitions } = chassis.settings;
  const timerMetrics = createTimerMetrics(metrics, log);
  const lines = createLines((line, calendars) => timerMetrics.reportClosed(line, calendars));
  const waiters = createCaseWaiters();
  // The result of the consumer's last transaction, which `onApplied` reads after the commit. The consumer runs one transaction at a
  // time.
  let applied: AppliedBatch | undefined;
  let scanner: Scanner | undefined;
  registerGauges(metrics, database, partitions);
  return {
    apply: async (tx, events) => {
      applied = await apply(tx, lines, events);
    },
    onApplied() {
      if (applied === undefined) return;
      if (applied.clockEvents.length > 0) wakeRelay();
      timerMetrics.count(applied.clockEvents);
      waiters.wake(applied.caseIds);
      scanner?.takeHints(applied);
    },
    // If the consumer retries a transaction that has already stored a deadline, `onApplied` never reports that deadline.
    onRetried: () => scanner?.distrust(),
    workers(running) {
      scanner = startScanner(chassis, running, lines, timerMetrics);
      return offerOf(scanner, running);
    },
    routes(http) {
      const deps = { database, lines, waiters, authenticate };
      serveClocks(http, deps);
      servePreview(http, deps);
      serveDeadlines(http, { database, lines, internalKey });
    },
    timelineReport: (tx, timeline) => reportEarliestDue(tx, lines, timeline, partitions),
  };
}

function startScanner(chassis: Chassis, { consumer }: RunningParts, lines: Lines, timerMetrics: TimerMetrics): Scanner {
  const { database, log, tracing, wakeRelay } = chassis;
  const scanner = startDueScanner({
    database,
    consumer,
    lines,
    log,
    tracing,
    onFired(clockEvents) {
      if (clockEvents.length > 0) wakeRelay();
      timerMetrics.count(clockEvents);
    },
  });
  chassis.watchWorker("due scanner", scanner, "database");
  return scanner;
}

function offerOf(scanner: Scanner, { consumer }: RunningParts) {
  return {
    /** Resolves when the scanner has read all cases that were due at the call of the function. */
    scanned(): Promise<void> {
      const scanned = scanner.passes();
      scanner.wake();
      return scanned;
    },
    /** The partitions whose clocks this process fires. */
    owned: () => consumer.owned(),
  };
}
