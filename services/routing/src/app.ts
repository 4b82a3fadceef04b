import { type Chassis, type ServiceRooms, defineService, migrationsOf } from "@crossline/chassis";
import { timelineKind, topicAccess, topics } from "@crossline/contracts";
import { lineMigrations, markMigrations } from "@crossline/projection";
import { createLines } from "@crossline/projection/compiled-lines";
import type { CommandDeps } from "./commands/change-case.ts";
import { createAwaitCaughtUp } from "./commands/await-caught-up.ts";
import { type RoutingSettings, routingConfig } from "./config.ts";
import { type AppliedBatch, apply, readTypes } from "./consumers/apply.ts";
import { createRoutingMetrics, registerGauges } from "./metrics.ts";
import { serveRouting } from "./routes/all.ts";
import { createAllowCallers } from "./routes/allow-callers.ts";
import { expireRows } from "./store/expire.ts";
import { findHeads, readHeads } from "./store/heads.ts";
import { createDutyReader } from "./store/on-duty.ts";
import { removeRows } from "./store/removed-rows.ts";
import { type QueueReads, startQueueReads } from "./workers/queue-reads.ts";
import { createQueueTopics } from "./workers/queue-topics.ts";

type RoutingWorkers = { readonly reads: QueueReads };

/**
 * Routing owns lines, calendars, rosters, hand-offs and the vendors' queues. Routing decides which company is the holder of a
 * case.
 */
export const routing = defineService({
  name: "routing",
  openapi: {
    title: "Crossline routing",
    description: "Lines, calendars, rosters, hand-offs and the queues of the vendors.",
  },
  config: routingConfig,
  settings: ({ INTAKE_URL: intakeUrl }) => ({ intakeUrl }),
  migrations: migrationsOf(import.meta, "@crossline/access", "@crossline/idempotency", lineMigrations, markMigrations),
  reads: {
    topics: topicAccess.routing.reads,
    types: readTypes,
    ignores: (timeline) => timelineKind(timeline) === "import",
    heads: { [topics.handoff]: readHeads },
    findHeads: { [topics.handoff]: findHeads },
  },
  publishes: topicAccess.routing.owns,
  removeRows,
  expire: expireRows,
  build: buildRouting,
});

function buildRouting(chassis: Chassis<RoutingSettings>): ServiceRooms<RoutingWorkers> {
  const { database, broker, log, metrics, addWorker, watchWorker, authenticate, wakeRelay, settings } = chassis;
  const counters = createRoutingMetrics(metrics, log);
  const lines = createLines((line, calendars) => counters.reportClosed(line, calendars));
  const duty = createDutyReader();
  const topicCreator = createQueueTopics(broker, settings.partitions);
  let wakeQueueTopics = (): void => undefined;
  // The result of the consumer's last transaction. The consumer runs one transaction at a time.
  let applied: AppliedBatch | undefined;
  registerGauges(metrics, database);
  const onCommitted: CommandDeps["onCommitted"] = (messages) => {
    wakeRelay();
    counters.count(messages);
  };
  return {
    relayBroker: topicCreator.broker,
    apply: async (tx, events) => {
      applied = await apply(tx, { lines, duty }, events);
    },
    onApplied() {
      if (applied === undefined) return;
      if (applied.handoffEvents.length > 0) wakeRelay();
      if (applied.parties) wakeQueueTopics();
      counters.count(applied.handoffEvents);
      counters.reportUnderBuiltin(applied.underBuiltin);
    },
    workers() {
      const vendors = topicCreator.start(database, log);
      watchWorker("queue topics", vendors, "progress");
      wakeQueueTopics = () => vendors.wake();
      const reads = startQueueReads(database, log);
      addWorker("readings of queues", reads);
      return { reads };
    },
    routes(http, _running, { reads }) {
      const commands: CommandDeps = {
        database,
        lines,
        duty,
        awaitCaughtUp: createAwaitCaughtUp(settings),
        onCommitted,
      };
      const onQueueRead = (queue: string): void => reads.record(queue);
      const { internalKey } = settings;
      serveRouting(http, { ...commands, allow: createAllowCallers(authenticate), onQueueRead, internalKey });
    },
  };
}
