import { createAssertions, createAuthenticator } from "@crossline/access";
import { compactedTopics, topics } from "@crossline/contracts";
import {
  type Relay,
  type RelayMetrics,
  checkInstallation,
  registerMessageCounters,
  registerMessageGauges,
  startRelay,
  addMessagingChecks,
} from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import {
  type Http,
  type Lifecycle,
  type Listening,
  createHealth,
  createLifecycle,
  createMetrics,
} from "@crossline/service";
import { noTracing } from "@crossline/tracing";
import { recordCommands } from "./actions/commands.ts";
import { createReadRecorder } from "./actions/reads.ts";
import { recordRequests } from "./actions/record.ts";
import type { Chassis, ServiceDefinition, ServiceDeps, ServiceRooms, StartedService } from "./definition.ts";
import { startExpiry, startRemoval } from "./loops.ts";
import { startServiceConsumer } from "./service-consumer.ts";
import { serve } from "./serve.ts";

/** The components that exist before a service builds its rooms. */
type Base<Settings extends object> = Omit<Chassis<Settings>, "wakeRelay" | "recordRead">;

/** Starts a service in this process. If a component cannot start, the started components stop and the promise rejects. */
export async function startService<Settings extends object, Handles extends object>(
  definition: ServiceDefinition<Settings, Handles>,
  deps: ServiceDeps<Settings>,
): Promise<StartedService & Handles> {
  const life = createLifecycle(deps.log);
  try {
    return { ...(await start(definition, deps, life)), stop: () => life.stop() };
  } catch (error) {
    await life.stop();
    throw error;
  }
}

async function start<Settings extends object, Handles extends object>(
  definition: ServiceDefinition<Settings, Handles>,
  deps: ServiceDeps<Settings>,
  life: Lifecycle,
): Promise<Listening & Handles> {
  const { name, reads, publishes } = definition;
  const { database } = deps;
  await ensureTopics(definition, deps);
  await checkInstallation({ database, broker: deps.broker, isOwner: publishes.includes(topics.party) });
  let relay: Relay | undefined;
  const wakeRelay = () => relay?.wake();
  const commands = recordCommands({ database, service: name, wakeRelay });
  const base = createBase(definition, { ...deps, database: commands.database }, life);
  const { health, metrics, tracing, log } = base;
  const counted = registerMessageCounters(metrics, reads.topics);
  const readRecorder = createReadRecorder({ database, service: name, log, wakeRelay });
  const rooms = definition.build({ ...base, wakeRelay, recordRead: readRecorder.recordEarly });
  relay = startSending(definition, base, rooms, counted.relay);
  life.add("reads", () => readRecorder.stop());
  await rooms.prepare?.();
  const removal = startDeleting(definition, deps, life);
  const consumer = await startServiceConsumer({ definition, deps, rooms, metrics: counted.consumer, tracing, removal });
  life.add("consumer", () => consumer.stop(), consumerStopMs);

  const running = { consumer, relay, wakeRemoval: () => removal?.wake() };
  if (deps.broker.refusal !== undefined) health.ready("kafka", deps.broker.refusal);
  addMessagingChecks(health, running, { losses: reads.readyWithLosses !== true, pollMs: reads.pollMs });
  registerMessageGauges(metrics, { database, consumer, relay });
  // For a service without workers `Handles` is `object`.
  const handles = (rooms.workers?.(running) ?? {}) as Handles;
  const served = { ...deps, database: commands.database };
  const record = (http: Http) => recordRequests(http, commands, readRecorder);
  const listening = await serve({ definition, deps: served, base, rooms, running, handles, record });
  life.add("http", () => listening.stop());
  if (rooms.onStopping !== undefined) life.add("waits of requests", rooms.onStopping);
  return { ...handles, ...listening };
}

const consumerStopMs = 10_000;
const passMaxMs = 60_000;
const successAgeMaxMs = 5_000;

function ensureTopics<Settings extends object, Handles extends object>(
  { reads, publishes }: ServiceDefinition<Settings, Handles>,
  { broker, settings: { partitions } }: ServiceDeps<Settings>,
): Promise<void> {
  // Every service compares the installation id on the party topic with its own.
  const names = new Set([...reads.topics, ...publishes, topics.action, topics.gap, topics.party]);
  return broker.ensureTopics(
    [...names].map((topic) => ({ topic, partitions, compacted: compactedTopics.includes(topic) })),
  );
}

function createBase<Settings extends object>(
  { name, publishes }: Pick<ServiceDefinition<Settings>, "name" | "publishes">,
  { database, broker, log, settings, tracing = noTracing }: ServiceDeps<Settings>,
  life: Lifecycle,
): Base<Settings> {
  const metrics = createMetrics(name);
  const health = createHealth();
  health.ready("database", () => ping(database, name));
  const authenticate = createAuthenticator(database, {
    assertions: createAssertions(settings.internalKey),
    checksOperator: publishes.includes(topics.party),
  });
  const addWorker: Chassis<Settings>["addWorker"] = (worker, loop) => life.add(worker, () => loop.stop());
  const watchWorker: Chassis<Settings>["watchWorker"] = (worker, loop, shows) => {
    addWorker(worker, loop);
    health.live(worker, loop.progress(passMaxMs));
    if (shows === "progress") return;
    const success = loop.success(successAgeMaxMs);
    // While Postgres is frozen, a pass neither fails nor ends for 35 s, so the check also needs the ping.
    health.ready("database", async () => (await success()) ?? ping(database, name));
  };
  const workers = { addWorker, watchWorker };
  return { settings, database, broker, log, tracing, health, metrics, life, ...workers, authenticate };
}

function startSending<Settings extends object, Handles extends object>(
  { name, reads: { pollMs } }: ServiceDefinition<Settings, Handles>,
  { database, broker, log, tracing, life }: Base<Settings>,
  { relayBroker = broker }: Pick<ServiceRooms<Handles>, "relayBroker">,
  metrics: RelayMetrics,
): Relay {
  const source = `/crossline/${name}`;
  const relay = startRelay({ database, broker: relayBroker, source, log, tracing, metrics, pollMs });
  life.add("relay", () => relay.stop());
  return relay;
}

/** Starts the loops that delete expired rows and the rows of removed timelines. */
function startDeleting<Settings extends object, Handles extends object>(
  { expire, removeRows }: ServiceDefinition<Settings, Handles>,
  { database, log, settings: { partitions } }: ServiceDeps<Settings>,
  life: Lifecycle,
) {
  if (expire !== undefined) {
    const expiry = startExpiry({ database, log, expire });
    life.add("expiry", () => expiry.stop());
  }
  if (removeRows === undefined) return undefined;
  const removal = startRemoval({ database, log, partitions, removeRows });
  life.add("removal of timelines", () => removal.stop());
  return removal;
}

async function ping(database: Database, name: string): Promise<undefined> {
  await database.query({ text: `-- ${name}.ping\nselect 1` });
}
