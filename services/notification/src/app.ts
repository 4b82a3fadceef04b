import { compactedTopics, topics } from "@crossline/contracts";
import { type Broker, type Consumer, type Relay, startRelay, watchMessages } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import {
  createHealth,
  createLifecycle,
  createMetrics,
  type Health,
  type Lifecycle,
  listen,
  type Listening,
  type Log,
  type Metrics,
  servePressure,
} from "@crossline/service";
import { type Tracing, noTracing } from "@crossline/tracing";
import { diallingOf, type NotificationSettings, type Settings, withDefaults } from "./config.ts";
import { consumeFacts, readTopics } from "./consumers/consume.ts";
import { createFigures, measureStanding } from "./measure.ts";
import { deliveryRoutes } from "./routes/deliveries.ts";
import { createServer, withCallers } from "./routes/http.ts";
import { internalRoutes } from "./routes/internal.ts";
import { ringTestRoute } from "./routes/ring-tests.ts";
import { lastResortSecretRoutes, subscriptionSecretRoutes } from "./routes/secrets.ts";
import { subscriptionRoutes } from "./routes/subscriptions.ts";
import { publishDialling } from "./store/dialling.ts";

import { type Delivering, startDelivering } from "./workers/delivering.ts";
import { startHousekeeping } from "./workers/housekeeping.ts";
import { giveUpMs } from "./workers/verdict.ts";

export type NotificationOptions = {
  /** Of the schema `notification`, migrated. Stays open when notification stops, as the broker does. */
  readonly database: Database;
  readonly broker: Broker;
  readonly log: Log;
  /** Without it nothing is traced. */
  readonly tracing?: Tracing;
  readonly config: NotificationSettings;
  /** Where to listen; without it any free port of this machine. */
  readonly http?: { readonly host: string; readonly port: number };
  /** How long a crashed member can be silent before its partitions go to others, in milliseconds. */
  readonly sessionTimeoutMs?: number;
};

export type Notification = {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more work, lets attempts end for some seconds, leaves the group. Twice is fine. */
  stop(): Promise<boolean>;
};

/** Starts the service: resolves when its port is open. What had started is stopped when a part cannot. */
export async function startNotification(options: NotificationOptions): Promise<Notification> {
  const life = createLifecycle(options.log);
  try {
    return { ...(await start(options, life)), stop: () => life.stop() };
  } catch (error) {
    await life.stop();
    throw error;
  }
}

async function start(options: NotificationOptions, life: Lifecycle): Promise<Omit<Notification, "stop">> {
  const { database, broker, log, tracing = noTracing, sessionTimeoutMs } = options;
  const settings = withDefaults(options.config);
  await broker.ensureTopics(topicsOf(settings.partitions));
  const health = createHealth();
  const metrics = createMetrics("notification");
  const figures = createFigures(metrics, log);
  const giveUp = {
    subscription: giveUpMs(settings.retry.subscription, settings.timeoutMs),
    lastResort: giveUpMs(settings.retry.lastResort, settings.timeoutMs),
  };

  await publishDialling(database, diallingOf(settings));
  const relay = startRelay({
    database,
    broker,
    log,
    tracing,
    source: "/crossline/notification",
    metrics: figures.relay,
  });
  life.add("relay", () => relay.stop());
  const delivering = startDelivering({ settings, database, log, tracing, figures, onTold: () => relay.wake() });
  life.add("delivering", () => delivering.stop());
  const consumer = await consumeFacts({
    database,
    broker,
    log,
    partitions: settings.partitions,
    tracing,
    metrics: figures.consumer,
    giveUpMs: giveUp,
    sessionTimeoutMs,
    onApplied: () => {
      delivering.wake();
      relay.wake();
    },
  });
  life.add("consumer", () => consumer.stop(), 10_000);
  const housekeeping = startHousekeeping({
    database,
    log,
    keptMs: settings.keptMs,
    readToEnd: () => consumer.owned().filter((partition) => consumer.caughtUp(partition)),
    onAbandoned: (count, unheard) => {
      figures.abandoned(count);
      figures.unheard(unheard);
      relay.wake();
    },
  });
  life.add("housekeeping", () => housekeeping.stop());

  watchMessages(health, { consumer, relay });
  watch(health, delivering);
  measureStanding(metrics, { database, consumer, relay });
  const listening = await serve(options, { health, metrics }, { settings, giveUp, delivering, consumer, relay });
  life.add("http", () => listening.stop());
  return { url: listening.url, port: listening.port };
}

function topicsOf(partitions: number) {
  return [...readTopics, topics.notification, topics.page, topics.dialling, topics.gap].map((topic) => ({
    topic,
    partitions,
    compacted: compactedTopics.includes(topic),
  }));
}

function watch(health: Health, delivering: Delivering): void {
  health.live("deliveries", delivering.progress);
  health.ready("database", delivering.success);
}

type Parts = {
  readonly settings: Settings;
  readonly giveUp: { readonly subscription: number; readonly lastResort: number };
  readonly delivering: Delivering;
  readonly consumer: Consumer;
  readonly relay: Relay;
};

async function serve(
  { database, log, tracing = noTracing, http: address = { host: "127.0.0.1", port: 0 } }: NotificationOptions,
  chassis: { readonly health: Health; readonly metrics: Metrics },
  { settings, giveUp, delivering, consumer, relay }: Parts,
): Promise<Listening> {
  const http = await createServer({ log, tracing, ...chassis });
  await withCallers(http, database, ["carrier", "vendor"], (own) => {
    const { privateAddresses, subscriptionsMax, mail } = settings;
    subscriptionRoutes(own, { database, privateAddresses, mails: mail !== undefined, most: subscriptionsMax });
    deliveryRoutes(own, { database, giveUpMs: giveUp, wake: () => delivering.wake() });
    subscriptionSecretRoutes(own, { database });
    lastResortSecretRoutes(own, { database });
  });
  await withCallers(http, database, ["carrier", "vendor", "operator"], (own) => ringTestRoute(own, { database }));
  internalRoutes(http, { database, internalKey: settings.internalKey, wake: () => consumer.wake() });
  servePressure(http, settings.internalKey, { consumer, relay });
  return listen(http, address);
}
