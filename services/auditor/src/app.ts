import { refusal, topics } from "@crossline/contracts";
import {
  type Broker,
  type Consumer,
  type Relay,
  shownKey,
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
import type { AuditorSettings } from "./config.ts";
import { apply, readTopics, readTypes } from "./consumers/apply.ts";
import type { Report } from "./consumers/report.ts";
import { createFigures, measureStanding } from "./measure.ts";
import { serveAudit } from "./routes/audit.ts";
import { serveParked } from "./routes/parked.ts";
import { createLines } from "./store/lines.ts";
import { startHeartbeat } from "./workers/heartbeat.ts";
import { type Judge, startJudge } from "./workers/judge.ts";
import { startRemoval } from "./workers/remove-timelines.ts";

export type AuditorOptions = {
  /** Of the schema `auditor`, migrated. Stays open when the auditor stops, as the broker does. */
  readonly database: Database;
  readonly broker: Broker;
  readonly log: Log;
  /** Without it nothing is traced. */
  readonly tracing?: Tracing;
  readonly config: AuditorSettings;
  /** Where to listen; without it any free port of this machine. */
  readonly http?: { readonly host: string; readonly port: number };
  /** How long a crashed member can be silent before its partitions go to others, in milliseconds. */
  readonly sessionTimeoutMs?: number;
};

export type Auditor = {
  /** Without a slash at its end. */
  readonly url: string;
  /** Resolves when everything that was due before this call and can be judged has been. */
  judged(): Promise<void>;
  /** Takes no more work, finishes what runs, leaves the group. Twice is fine. */
  stop(): Promise<boolean>;
};

const version = "0.1.0";
const group = "auditor";
const source = "/crossline/auditor";

/** Starts the auditor. Rejects when it cannot, and then nothing of it runs. */
export async function startAuditor(options: AuditorOptions): Promise<Auditor> {
  const life = createLifecycle(options.log);
  try {
    return await start(options, life);
  } catch (error) {
    await life.stop();
    throw error;
  }
}

async function start(options: AuditorOptions, life: ReturnType<typeof createLifecycle>): Promise<Auditor> {
  const { database, broker, log, config, tracing = noTracing } = options;
  await broker.ensureTopics(topicsOf(config.partitions));
  const health = createHealth();
  const metrics = createMetrics("auditor");
  const figures = createFigures(metrics);
  const lines = createLines();

  const relay = startRelay({ database, broker, source, log, tracing, metrics: figures.relay });
  life.add("relay", () => relay.stop());
  const onFound = (report: Report): void => {
    figures.found(report);
    if (report.findings.length === 0) return;
    relay.wake();
    logFindings(log, report);
  };

  const removal = startRemoval(database, config.partitions, log);
  life.add("removal of timelines", () => removal.stop());
  // What the last transaction of the consumer found. It becomes news with the commit; there is one transaction at a time.
  let found: Report | undefined;
  const consumer = await startConsumer({
    database,
    broker,
    group,
    log,
    partitions: config.partitions,
    gaps: { service: "auditor", heads: {} },
    tracing,
    gatherMs: 250, // Nobody waits for it, and it reads every fact there is.
    topics: readTopics,
    types: readTypes,
    metrics: figures.consumer,
    ...(options.sessionTimeoutMs !== undefined && { sessionTimeoutMs: options.sessionTimeoutMs }),
    apply: async (tx, events) => {
      found = await apply(tx, lines, events, config);
    },
    onApplied: (events) => {
      if (found !== undefined) onFound(found);
      found = undefined;
      if (events.some(({ type }) => type === "timeline.removed")) removal.wake();
    },
  });
  life.add("consumer", () => consumer.stop(), 10_000);
  const judge = startJudge({ database, consumer, lines, log, graceMs: config.graceMs, onFound });
  life.add("judge", () => judge.stop());
  const { heartbeatMs } = config;
  const heartbeat = startHeartbeat({ database, consumer, judge, log, heartbeatMs, onBeat: () => relay.wake() });
  life.add("heartbeat", () => heartbeat.stop());

  watchMessages(health, { consumer, relay });
  watch(health, judge);
  health.live("heartbeat", heartbeat.progress(passMaxMs));
  measureStanding(metrics, { database, consumer, relay });
  const listening = await serve(options, { health, metrics }, { consumer, relay });
  life.add("http", () => listening.stop());
  return {
    url: listening.url,
    judged() {
      const seen = judge.passes();
      judge.wake();
      return seen;
    },
    stop: () => life.stop(),
  };
}

const loggedMax = 20;

/** An alarm each: what the case is, not what it is about. A flood is counted instead. */
function logFindings(log: Log, { findings }: Report): void {
  for (const { kind, caseId, data } of findings.slice(0, loggedMax)) {
    log.error({ kind, caseId: shownKey(caseId), finding: data }, "an escalation did not fire as it had to");
  }
  if (findings.length > loggedMax) log.error({ more: findings.length - loggedMax }, "more did not fire as they had to");
}

function topicsOf(partitions: number) {
  return [...readTopics, topics.audit, topics.gap].map((topic) => ({
    topic,
    partitions,
    compacted: topic === topics.line,
  }));
}

const passMaxMs = 60_000;
const answerAgeMaxMs = 5_000;

function watch(health: Health, judge: Judge): void {
  health.live("judge", judge.progress(passMaxMs));
  health.ready("database", judge.success(answerAgeMaxMs));
}

async function serve(
  { database, log, config, tracing = noTracing, http: address = { host: "127.0.0.1", port: 0 } }: AuditorOptions,
  chassis: { readonly health: Health; readonly metrics: ReturnType<typeof createMetrics> },
  parts: { readonly consumer: Consumer; readonly relay: Relay },
): Promise<Listening> {
  const { internalKey } = config;
  const http = await createHttp({
    version,
    log,
    tracing,
    ...chassis,
    openapi: { title: "Crossline auditor", description: "Whether everything fired that had to." },
    faultToRefusal: (error) =>
      isTransient(error) ? refusal("unavailable", "The database cannot be reached at the moment.") : undefined,
  });
  serveAudit(http, { database, internalKey });
  serveParked(http, { database, internalKey });
  servePressure(http, internalKey, parts);
  return listen(http, address);
}
