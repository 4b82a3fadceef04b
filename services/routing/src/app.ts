import { compactedTopics, refusal, timelineKind, topics } from "@crossline/contracts";
import { type Broker, type Consumer, type Relay, startConsumer, startRelay, watchMessages } from "@crossline/messaging";
import { type Database, isTransient } from "@crossline/postgres";
import {
  type Health,
  type Lifecycle,
  type Listening,
  type Log,
  type Loop,
  type Metrics,
  createHealth,
  createHttp,
  createLifecycle,
  createMetrics,
  listen,
  servePressure,
} from "@crossline/service";
import { type Tracing, noTracing } from "@crossline/tracing";
import { readHeads } from "./store/heads.ts";
import type { Desk } from "./commands/change-case.ts";
import { createQuiet } from "./commands/quiet.ts";
import { type Applied, apply, readTopics, readTypes } from "./consumers/apply.ts";
import { createFigures, measureStanding } from "./measure.ts";
import { addCalendarRoutes } from "./routes/calendars.ts";
import { addCodeReportRoute } from "./routes/code-report.ts";
import { addCaseRoutes } from "./routes/cases.ts";
import { addCaseStepRoutes } from "./routes/case-steps.ts";
import { createGate } from "./routes/gate.ts";
import { addHandoffRoutes } from "./routes/handoffs.ts";
import { addHolidayRoute } from "./routes/holidays.ts";
import { addInternalRoutes } from "./routes/internal.ts";
import { addDefaultLineRoutes } from "./routes/default-line.ts";
import { addLineRoutes } from "./routes/lines.ts";
import { addCalendarPublishingRoutes } from "./routes/publish-calendars.ts";
import { addPublishingRoutes } from "./routes/publish-lines.ts";
import { addRosterChangeRoutes } from "./routes/change-rosters.ts";
import { addOnDutyRoutes } from "./routes/on-duty.ts";
import { addRosterPreviewRoutes } from "./routes/preview-rosters.ts";
import { addRingTestRoute } from "./routes/ring-tests.ts";
import { addRosterPublishingRoutes } from "./routes/publish-rosters.ts";
import { addOpenQueueRoutes } from "./routes/open-queues.ts";
import { addQueueRoutes } from "./routes/queues.ts";
import { addRosterRoutes } from "./routes/rosters.ts";
import { createLines } from "./store/lines.ts";
import { createDuty } from "./store/on-duty.ts";
import { startHousekeeping } from "./workers/housekeeping.ts";
import { type QueueReads, startQueueReads } from "./workers/queue-reads.ts";
import { createQueueTopics } from "./workers/queue-topics.ts";
import { startRemoval } from "./workers/remove-timelines.ts";

export type RoutingOptions = {
  /** Of the schema `routing`, migrated. Stays open when routing stops, as the broker does. */
  readonly database: Database;
  readonly broker: Broker;
  readonly log: Log;
  /** Without it nothing is traced. */
  readonly tracing?: Tracing;
  readonly config: { readonly internalKey: string; readonly partitions: number; readonly intakeUrl: string };
  /** Where to listen; without it any free port of this machine. */
  readonly http?: { readonly host: string; readonly port: number };
  /** How long a crashed member can be silent before its partitions go to others, in milliseconds. */
  readonly sessionTimeoutMs?: number;
};

export type Routing = {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more work, finishes what runs, leaves the group. Twice is fine. */
  stop(): Promise<boolean>;
};

const version = "0.1.0";

/** Starts routing: what it reads, what it decides, and what it answers. Rejects when it cannot, and then nothing of it runs. */
export async function startRouting(options: RoutingOptions): Promise<Routing> {
  const life = createLifecycle(options.log);
  try {
    const { url, port } = await start(options, life);
    return { url, port, stop: () => life.stop() };
  } catch (error) {
    await life.stop();
    throw error;
  }
}

async function start(options: RoutingOptions, life: Lifecycle): Promise<Listening> {
  const { database, broker, log, config, tracing = noTracing } = options;
  await broker.ensureTopics(ownTopics(config.partitions));
  const health = createHealth();
  const metrics = createMetrics("routing");
  const figures = createFigures(metrics, log);
  const lines = createLines((line, calendars) => figures.closed(line, calendars));
  const duty = createDuty();
  const queueTopics = createQueueTopics(broker, config.partitions);

  const relay = startRelay({
    database,
    broker: queueTopics.broker,
    source: "/crossline/routing",
    log,
    tracing,
    metrics: figures.relay,
  });
  life.add("relay", () => relay.stop());
  const vendors = queueTopics.start(database, log);
  life.add("queue topics", () => vendors.stop());

  const removal = startRemoval(database, config.partitions, log);
  life.add("removal of timelines", () => removal.stop());
  // What the last transaction of the consumer did. It becomes news with the commit; there is one transaction at a time.
  let applied: Applied | undefined;
  const consumer = await startConsumer({
    database,
    broker,
    group: "routing",
    log,
    partitions: config.partitions,
    gaps: { service: "routing", heads: { [topics.handoff]: readHeads } },
    tracing,
    topics: readTopics,
    types: readTypes,
    ignores: (timeline) => timelineKind(timeline) === "import",
    metrics: figures.consumer,
    ...(options.sessionTimeoutMs !== undefined && { sessionTimeoutMs: options.sessionTimeoutMs }),
    apply: async (tx, events) => {
      applied = await apply(tx, { lines, duty }, events);
    },
    onApplied: (events) => {
      if (events.some(({ type }) => type === "timeline.removed")) removal.wake();
      if (applied === undefined) return;
      if (applied.told.length > 0) relay.wake();
      if (applied.parties) vendors.wake();
      figures.told(applied.told);
      figures.underBuiltin(applied.underBuiltin);
    },
  });
  life.add("consumer", () => consumer.stop(), 10_000);
  const housekeeping = startHousekeeping(database, log);
  life.add("housekeeping", () => housekeeping.stop());

  watchMessages(health, { consumer, relay });
  watch(health, database, vendors);
  measureStanding(metrics, { database, consumer, relay });
  const desk: Desk = {
    database,
    lines,
    duty,
    quiet: createQuiet(config),
    told: (messages) => {
      relay.wake();
      figures.told(messages);
    },
  };
  const reads = startQueueReads(database, log);
  life.add("readings of queues", () => reads.stop());
  const listening = await serve(options, { health, metrics }, desk, { consumer, relay, reads });
  life.add("http", () => listening.stop());
  return listening;
}

function ownTopics(partitions: number) {
  return [...readTopics, topics.handoff, topics.line, topics.roster, topics.gap].map((topic) => ({
    topic,
    partitions,
    compacted: compactedTopics.includes(topic),
  }));
}

const passMaxMs = 60_000;

function watch(health: Health, database: Database, vendors: Loop): void {
  health.live("queue topics", vendors.progress(passMaxMs));
  health.ready("database", async () => {
    await database.query({ text: "-- routing.ping\nselect 1" });
    return undefined;
  });
}

async function serve(
  { database, log, config, tracing = noTracing, http: address = { host: "127.0.0.1", port: 0 } }: RoutingOptions,
  chassis: { readonly health: Health; readonly metrics: Metrics },
  desk: Desk,
  { consumer, relay, reads }: { readonly consumer: Consumer; readonly relay: Relay; readonly reads: QueueReads },
): Promise<Listening> {
  const http = await createHttp({
    version,
    log,
    tracing,
    ...chassis,
    openapi: {
      title: "Crossline routing",
      description: "Lines, calendars, hand-offs, the queues of the vendors, and rosters.",
    },
    faultToRefusal: (error) =>
      isTransient(error) ? refusal("unavailable", "The database cannot be reached at the moment.") : undefined,
  });
  const gate = createGate(database);
  addPublishingRoutes(http, gate, desk);
  addDefaultLineRoutes(http, gate, desk);
  addLineRoutes(http, gate, desk);
  addRosterPublishingRoutes(http, gate, database);
  addRosterChangeRoutes(http, gate, database);
  addRosterPreviewRoutes(http, gate, database);
  addRosterRoutes(http, gate, database);
  addRingTestRoute(http, gate, desk);
  addOnDutyRoutes(http, gate, database);
  addCalendarPublishingRoutes(http, gate, desk);
  addCalendarRoutes(http, gate, desk);
  addHolidayRoute(http, gate);
  addOpenQueueRoutes(http, gate, desk);
  addQueueRoutes(http, gate, desk, reads);
  addHandoffRoutes(http, gate, desk);
  addCaseRoutes(http, gate, desk);
  addCaseStepRoutes(http, gate, desk);
  addCodeReportRoute(http, gate, database);
  addInternalRoutes(http, { database, internalKey: config.internalKey, wake: () => consumer.wake() });
  servePressure(http, config.internalKey, { consumer, relay });
  return listen(http, address);
}
