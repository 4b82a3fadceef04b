import { type Chassis, type RunningParts, type ServiceRooms, defineService, migrationsOf } from "@crossline/chassis";
import { timelineKind, topicAccess, topics } from "@crossline/contracts";
import { expireKeys } from "@crossline/idempotency";
import { type Settings, diallingOf, notificationConfig, ownSettings } from "./config.ts";
import { applyEvents, readTypes } from "./consumers/apply.ts";
import { type NotificationMetrics, createNotificationMetrics, registerGauges } from "./metrics.ts";
import { serveNotification } from "./routes/all.ts";
import { readOperation } from "./store/delivery-log.ts";
import { countWaiting } from "./store/delivery.ts";
import { publishDialling } from "./store/dialling.ts";
import { readMailHeads, readPageHeads } from "./store/heads.ts";
import { type DeliveryLoop, startDeliveryLoop } from "./workers/delivery-loop.ts";
import { startHousekeeping } from "./workers/housekeeping.ts";
import { giveUpMs } from "./delivery/verdict.ts";

type NotificationWorkers = { readonly delivering: DeliveryLoop };

/** Notification sends events to subscriptions and pages to people, and publishes the outcome of each delivery. */
export const notification = defineService({
  name: "notification",
  openapi: {
    title: "Crossline notification",
    description: "Subscriptions, deliveries and the secrets that sign them.",
  },
  config: notificationConfig,
  settings: ownSettings,
  migrations: migrationsOf(import.meta, "@crossline/access", "@crossline/idempotency"),
  reads: {
    topics: topicAccess.notification.reads,
    types: readTypes,
    ignores: (timeline) => timelineKind(timeline) === "import",
    // Notification reads almost every event, so larger batches save work. A delay of 50 ms is short compared with the duration
    // of a webhook.
    gatherMs: 50,
    heads: { [topics.page]: readPageHeads, [topics.mail]: readMailHeads },
  },
  publishes: topicAccess.notification.owns,
  expire: expireKeys,
  // If all services share a machine, due clocks have priority over webhooks. A webhook can arrive some milliseconds later.
  background: true,
  build: buildNotification,
});

function buildNotification(chassis: Chassis<Settings>): ServiceRooms<NotificationWorkers> {
  const { database, metrics, log, authenticate, wakeRelay, settings } = chassis;
  const counters = createNotificationMetrics(metrics, log);
  const giveUp = {
    subscription: giveUpMs(settings.retry.subscription, settings.timeoutMs),
    lastResort: giveUpMs(settings.retry.lastResort, settings.timeoutMs),
  };
  let delivering: DeliveryLoop | undefined;
  registerGauges(metrics, database);
  return {
    prepare: () => publishDialling(database, diallingOf(settings)),
    apply: (tx, events) => applyEvents(tx, events, giveUp),
    onApplied() {
      delivering?.wake();
      wakeRelay();
    },
    workers(running) {
      delivering = startWorkers(chassis, running, counters);
      return { delivering };
    },
    routes: (http, _running, offer) =>
      serveNotification(http, {
        database,
        settings,
        authenticate,
        giveUpMs: giveUp,
        wake: () => offer.delivering.wake(),
      }),
    operationReport: readOperation,
    timelineReport: async (tx, timeline) => ({ pending: await countWaiting(tx, timeline) }),
  };
}

function startWorkers(
  { database, settings, log, tracing, addWorker, watchWorker, wakeRelay }: Chassis<Settings>,
  { consumer }: RunningParts,
  counters: NotificationMetrics,
): DeliveryLoop {
  const delivering = startDeliveryLoop({ settings, database, log, tracing, counters, onPublished: wakeRelay });
  watchWorker("deliveries", delivering, "database");
  const housekeeping = startHousekeeping({
    database,
    log,
    keptMs: settings.keptMs,
    readToEnd: () => consumer.owned().filter((partition) => consumer.caughtUp(partition)),
    onAbandoned(count, alarms) {
      counters.countAbandoned(count);
      counters.reportUnreachable(alarms);
      wakeRelay();
    },
  });
  addWorker("housekeeping", housekeeping);
  return delivering;
}
