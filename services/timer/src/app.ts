import { authenticator } from "@crossline/access";
import { compactedTopics, refusal, topics } from "@crossline/contracts";
import {
  type Broker,
  type Consumer,
  type ConsumerMetrics,
  type Relay,
  startConsumer,
  startRelay,
  watchMessages,
} from "@crossline/messaging";
import { type Database, isTransient } from "@crossline/postgres";
import {
  type Health,
  type Listening,
  type Log,
  createHealth,
  createHttp,
  createLifecycle,
  createMetrics,
  listen,
  servePressure,
} from "@crossline/service";
import { type Tracing, noTracing } from "@crossline/tracing";
import { readHeads } from "./store/heads.ts";
import type { Applied } from "./consumers/applied.ts";
import { apply, readTopics, readTypes } from "./consumers/apply.ts";
import { createFigures, measureStanding } from "./measure.ts";
import { createCaseWaiters } from "./routes/case-waiters.ts";
import { type ClockRouteDeps, serveClocks } from "./routes/clocks.ts";
import { serveDeadlines } from "./routes/deadlines.ts";
import { servePreview } from "./routes/preview-move.ts";
import { serveParked } from "./routes/parked.ts";
import { serveTimelines } from "./routes/timelines.ts";
import { createLines } from "./store/lines.ts";
import { type Scanner, startDueScanner } from "./workers/due-scanner.ts";
import { startRemoval } from "./workers/remove-timelines.ts";

export type TimerOptions = {
  /** Of the schema `timer`, migrated. Stays open when the timer stops, as the broker does. */
  readonly database: Database;
  readonly broker: Broker;
  readonly log: Log;
  /** Without it nothing is traced. */
  readonly tracing?: Tracing;
  readonly config: { readonly internalKey: string; readonly partitions: number };
  /** Where to listen; without it any free port of this machine. */
  readonly http?: { readonly host: string; readonly port: number };
  /** How long a crashed member can be silent before its partitions go to others, in milliseconds. */
  readonly sessionTimeoutMs?: number;
};

export type Timer = {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Resolves when the scanner has looked at everything that was due, or behind its mark, before this call. */
  scanned(): Promise<void>;
  /** The partitions that this process fires for. */
  owned(): readonly number[];
  /** Takes no more work, finishes what runs, leaves the group. Twice is fine. */
  stop(): Promise<boolean>;
};

const version = "0.1.0";
const group = "timer";
const source = "/crossline/timer";

/** Starts the timer: what it reads, what it fires, and what it answers. Rejects when it cannot, and then nothing of it runs. */
export async function startTimer(options: TimerOptions): Promise<Timer> {
  const life = createLifecycle(options.log);
  try {
    return await start(options, life);
  } catch (error) {
    await life.stop();
    throw error;
  }
}

async function start(options: TimerOptions, life: ReturnType<typeof createLifecycle>): Promise<Timer> {
  const { database, broker, log, config, tracing = noTracing } = options;
  await broker.ensureTopics(topicsOf(config.partitions));
  const health = createHealth();
  const metrics = createMetrics("timer");
  const figures = createFigures(metrics, log);
  const lines = createLines((line, calendars) => figures.closed(line, calendars));
  const waiters = createCaseWaiters();

  const relay = startRelay({ database, broker, source, log, tracing, metrics: figures.relay });
  life.add("relay", () => relay.stop());

  const removal = startRemoval(database, config.partitions, log);
  life.add("removal of timelines", () => removal.stop());
  // What the last transaction of the consumer did. It becomes news with the commit; there is one transaction at a time.
  let applied: Applied | undefined;
  let scanner: Scanner | undefined;
  const consumer = await startConsumer({
    database,
    broker,
    group,
    log,
    partitions: config.partitions,
    gaps: { service: "timer", heads: { [topics.clock]: readHeads } },
    tracing,
    topics: readTopics,
    types: readTypes,
    metrics: doubting(figures.consumer, () => scanner?.doubt()),
    ...(options.sessionTimeoutMs !== undefined && { sessionTimeoutMs: options.sessionTimeoutMs }),
    apply: async (tx, events) => {
      applied = await apply(tx, lines, events);
    },
    onApplied: (events) => {
      if (events.some(({ type }) => type === "timeline.removed")) removal.wake();
      if (applied === undefined) return;
      if (applied.told.length > 0) relay.wake();
      figures.told(applied.told);
      waiters.wake(applied.caseIds);
      scanner?.hear(applied);
    },
  });
  life.add("consumer", () => consumer.stop(), 10_000);
  scanner = startDueScanner({
    database,
    consumer,
    lines,
    log,
    tracing,
    onFired: (told) => {
      if (told.length > 0) relay.wake();
      figures.told(told);
    },
  });
  const scanning = scanner;
  life.add("due scanner", () => scanning.stop());

  watchMessages(health, { consumer, relay });
  watch(health, scanner);
  measureStanding(metrics, { database, consumer, relay, partitions: config.partitions });
  const listening = await serve(options, { health, metrics }, { database, lines, waiters }, { consumer, relay });
  life.add("http", () => listening.stop());
  const { url, port } = listening;
  return {
    url,
    port,
    scanned() {
      const seen = scanning.passes();
      scanning.wake();
      return seen;
    },
    owned: () => consumer.owned(),
    stop: () => life.stop(),
  };
}

/** A commit whose answer was lost may have armed something of which nobody is told. */
function doubting(metrics: ConsumerMetrics, doubt: () => void): ConsumerMetrics {
  return {
    ...metrics,
    retried() {
      metrics.retried?.();
      doubt();
    },
  };
}

function topicsOf(partitions: number) {
  return [...readTopics, topics.clock, topics.gap].map((topic) => ({
    topic,
    partitions,
    compacted: compactedTopics.includes(topic),
  }));
}

const passMaxMs = 60_000;
const answerAgeMaxMs = 5_000;

function watch(health: Health, scanner: Scanner): void {
  health.live("due scanner", scanner.progress(passMaxMs));
  health.ready("database", scanner.success(answerAgeMaxMs));
}

async function serve(
  { log, config, tracing = noTracing, http: address = { host: "127.0.0.1", port: 0 } }: TimerOptions,
  chassis: { readonly health: Health; readonly metrics: ReturnType<typeof createMetrics> },
  deps: Omit<ClockRouteDeps, "authenticate">,
  parts: { readonly consumer: Consumer; readonly relay: Relay },
): Promise<Listening> {
  const { database, lines } = deps;
  const { internalKey, partitions } = config;
  const http = await createHttp({
    version,
    log,
    tracing,
    ...chassis,
    openapi: { title: "Crossline timer", description: "The clocks that run on every case." },
    faultToRefusal: (error) =>
      isTransient(error) ? refusal("unavailable", "The database cannot be reached at the moment.") : undefined,
  });
  const clockDeps = { ...deps, authenticate: authenticator(database) };
  serveClocks(http, clockDeps);
  servePreview(http, clockDeps);
  serveTimelines(http, { database, lines, internalKey, partitions });
  serveDeadlines(http, { database, lines, internalKey });
  serveParked(http, { database, internalKey });
  servePressure(http, internalKey, parts);
  return listen(http, address);
}
