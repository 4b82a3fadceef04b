import { type Authenticator, authenticator } from "@crossline/access";
import { compactedTopics, refusal, timelineKind, topics } from "@crossline/contracts";
import { expireKeys } from "@crossline/idempotency";
import { type Broker, type Consumer, type Relay, startConsumer, startRelay, watchMessages } from "@crossline/messaging";
import { type Database, isTransient } from "@crossline/postgres";
import {
  type Health,
  type Lifecycle,
  type Listening,
  type Log,
  type Metrics,
  createHealth,
  createHttp,
  createLifecycle,
  createMetrics,
  listen,
  pressureOf,
  servePressure,
  startLoop,
} from "@crossline/service";
import { type Tracing, noTracing } from "@crossline/tracing";
import { readCaseIds, readHeads } from "./store/heads.ts";
import { createCaseWriter } from "./commands/case-writer.ts";
import { ensureOperator } from "./commands/parties.ts";
import { createWriteItem } from "./commands/stepped.ts";
import { createTurns } from "./commands/turns.ts";
import type { IntakeConfig } from "./config.ts";
import { apply, readTopics, readTypes } from "./consumers/facts.ts";
import { type Figures, createFigures, measureStanding } from "./measure.ts";
import { admitted, createAdmission } from "./routes/admission.ts";
import type { RouteDeps } from "./routes/deps.ts";
import { serveAll } from "./routes/all.ts";
import { createMergedOpenApi } from "./routes/merged-openapi.ts";
import { createLines } from "./store/lines.ts";
import { expireWaitingContacts } from "./store/waiting-contacts.ts";
import { connectDeadlines } from "./workers/deadlines.ts";
import { createDrive } from "./workers/drive.ts";
import { createAwaitRest } from "./workers/rest.ts";
import { createAwaitQuiet } from "./workers/quiet.ts";
import { type PeerAddresses, type Peers, connectPeers } from "./workers/timeline-reports.ts";
import { startKeyUses } from "./workers/key-uses.ts";
import { startPressure } from "./workers/pressure.ts";
import { startRemoval } from "./workers/remove-timelines.ts";
import { createOutboxGuard } from "./workers/outbox-guard.ts";

export type IntakeDeps = {
  readonly config: IntakeConfig;
  /** Of the schema `intake`, migrated. Stays open when intake stops, as the broker does. At least 12 connections. */
  readonly database: Database;
  readonly broker: Broker;
  readonly log: Log;
  /** Without it nothing is traced. */
  readonly tracing?: Tracing;
  /** How long a crashed member can be silent before its partitions go to others, in milliseconds. */
  readonly sessionTimeoutMs?: number;
};

export type Intake = {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, finishes what runs, leaves the group. Twice is fine. */
  stop(): Promise<boolean>;
};

const version = "0.1.0";
const group = "intake";
const source = "/crossline/intake";

/** Starts intake: what it answers, what it reads, what it tells. Rejects when it cannot, and then nothing of it runs. */
export async function startIntake(deps: IntakeDeps): Promise<Intake> {
  const life = createLifecycle(deps.log);
  try {
    const { url, port } = await start(deps, life);
    return { url, port, stop: () => life.stop() };
  } catch (error) {
    await life.stop();
    throw error;
  }
}

async function start(deps: IntakeDeps, life: Lifecycle): Promise<Listening> {
  const { config, database, broker, log, tracing = noTracing } = deps;
  await broker.ensureTopics(topicsOf(config.PARTITIONS));
  const health = createHealth();
  const metrics = createMetrics("intake");
  const figures = createFigures(metrics);

  const relay = startRelay({ database, broker, source, log, tracing, metrics: figures.relay });
  life.add("relay", () => relay.stop());
  const onCommitted = () => relay.wake();
  await database.transaction((tx) => ensureOperator(tx, config.OPERATOR_KEY));
  onCommitted();

  const consumer = await startConsumer({
    gatherMs: 50, // What is read here is shown to people, and each fetch costs a transaction.
    database,
    broker,
    group,
    log,
    partitions: config.PARTITIONS,
    gaps: { service: "intake", heads: { [topics.case]: readHeads(config.PARTITIONS) } },
    knownKeys: readCaseIds,
    tracing,
    topics: readTopics,
    types: readTypes,
    // An import's own line is told on its timeline.
    ignores: (timeline, topic) => timelineKind(timeline) === "import" && topic !== topics.line,
    apply,
    onApplied: onCommitted,
    ...(deps.sessionTimeoutMs !== undefined && { sessionTimeoutMs: deps.sessionTimeoutMs }),
    metrics: figures.consumer,
  });
  life.add("consumer", () => consumer.stop(), 10_000);
  const { removal } = startHousekeeping(deps, life);

  const { addresses, peers, deadlines } = connectOthers(config, life);
  const stopping = new AbortController();
  const { signal } = stopping;
  const awaitQuiet = createAwaitQuiet({ database, peers, observe: (seconds) => figures.quiet(seconds), signal });
  const drive = createDrive();
  const lines = createLines();
  const writer = createCaseWriter(database, lines, onCommitted);
  const { admission, pressure } = startAdmission(deps, { figures, consumer, relay, peers });
  life.add("pressure", () => pressure.stop());
  const routeDeps: RouteDeps = {
    database,
    drive,
    awaitQuiet,
    awaitRest: createAwaitRest({ database, peers, signal }),
    onCommitted,
    partitions: config.PARTITIONS,
    authenticate: startAuthenticator(deps, life),
    writeItem: createWriteItem(writer, { database, lines, drive, awaitQuiet, onCommitted }),
    guard: createOutboxGuard(database, config.OUTBOX_LIMIT),
    admission,
    peers,
    deadlines,
    contacts: createTurns(contactsAtOnce),
    onRemoved: () => removal.wake(),
  };
  watchMessages(health, { consumer, relay }, { losses: false });
  watch(health, database);
  measureStanding(metrics, { database, consumer, relay, admission });
  const listening = await serve(deps, { health, metrics, life, addresses, consumer, relay }, routeDeps);
  life.add("waiting for timelines", () => stopping.abort());
  return listening;
}

function connectOthers(config: IntakeConfig, life: Lifecycle) {
  const addresses: PeerAddresses = {
    timer: config.TIMER_URL,
    routing: config.ROUTING_URL,
    notification: config.NOTIFICATION_URL,
  };
  const peers = connectPeers(addresses, config.INTERNAL_KEY);
  life.add("connections to the other services", () => peers.close());
  const deadlines = connectDeadlines(addresses.timer, config.INTERNAL_KEY);
  life.add("connections for deadlines", () => deadlines.close());
  return { addresses, peers, deadlines };
}

function topicsOf(partitions: number) {
  return [...readTopics, topics.case, topics.party, topics.gap].map((topic) => ({
    topic,
    partitions,
    compacted: compactedTopics.includes(topic),
  }));
}

/** Who is calling, and the worker that writes down which keys were used. */
function startAuthenticator({ database, log }: IntakeDeps, life: Lifecycle): Authenticator {
  const authenticate = authenticator(database);
  const keyUses = startKeyUses(database, authenticate, log);
  life.add("uses of keys", () => keyUses.stop());
  return authenticate;
}

type Watched = {
  readonly figures: Figures;
  readonly consumer: Consumer;
  readonly relay: Relay;
  readonly peers: Peers;
};

/** Who is let in, and the worker that moves the gate by what waits here and in the other services. */
function startAdmission({ config, log }: IntakeDeps, { figures, consumer, relay, peers }: Watched) {
  const admission = createAdmission({
    requestsMax: config.REQUESTS_MAX,
    onBusy: () => pressure.wake(),
    onRefused: (why) => figures.refused(why),
  });
  const pressure = startPressure({
    admission,
    limit: config.BACKLOG_LIMIT,
    log,
    observe: (backlog) => figures.backlog(backlog),
    look: async () => [await pressureOf({ consumer, relay }), ...(await peers.pressures())],
  });
  return { admission, pressure };
}

/** Fewer than there are connections: the writer and the consumer need theirs. */
const contactsAtOnce = 4;

/** What deletes rows: those that have expired, and those of removed imports. */
function startHousekeeping({ database, config, log }: IntakeDeps, life: Lifecycle) {
  const expiry = startExpiry(database, log);
  life.add("expiry of idempotency keys", () => expiry.stop());
  const removal = startRemoval(database, config.PARTITIONS, log);
  life.add("removal of timelines", () => removal.stop());
  return { removal };
}

const expireEveryMs = 60_000;
const expiredMax = 1_000;

/** Answers that nobody can ask for again any more, and contacts of devices that never came. */
function startExpiry(database: Database, log: Log) {
  return startLoop({
    name: "expiry",
    log,
    run: async () => {
      await expireWaitingContacts(database);
      return { sleepMs: (await expireKeys(database, expiredMax)) === expiredMax ? 0 : expireEveryMs };
    },
    backOff: { firstMs: 1_000, longestMs: expireEveryMs },
  });
}

function watch(health: Health, database: Database): void {
  health.ready("database", async () => {
    await database.query({ text: "-- intake.ping\nselect 1" });
    return undefined;
  });
}

type Chassis = {
  readonly health: Health;
  readonly metrics: Metrics;
  readonly life: Lifecycle;
  readonly addresses: PeerAddresses;
  readonly consumer: Consumer;
  readonly relay: Relay;
};

async function serve(
  { config, log, tracing = noTracing }: IntakeDeps,
  chassis: Chassis,
  deps: RouteDeps,
): Promise<Listening> {
  const { health, metrics, life, addresses, consumer, relay } = chassis;
  const doors = admitted(deps.admission, (key) => deps.authenticate.kept(key));
  const http = await createHttp({
    version,
    log,
    tracing,
    health,
    metrics,
    metricsKey: config.INTERNAL_KEY,
    connectionsMax: config.CONNECTIONS_MAX,
    doorman: doors.doorman,
    openapi: {
      title: "Crossline",
      description: "Cases between companies: opened, watched by clocks, crossing to the vendor by themselves.",
      complete: createMergedOpenApi(addresses),
    },
    faultToRefusal: (error) =>
      isTransient(error) ? refusal("unavailable", "The database cannot be reached at the moment.") : undefined,
  });
  servePressure(http, config.INTERNAL_KEY, { consumer, relay });
  const wake = () => consumer.wake();
  const proxy = serveAll(http, deps, { addresses, internalKey: config.INTERNAL_KEY, wake, doors });
  life.add("connections of the proxy", () => proxy.close());
  const listening = await listen(http, { host: config.HOST, port: config.PORT });
  life.add("http", () => listening.stop());
  return listening;
}
