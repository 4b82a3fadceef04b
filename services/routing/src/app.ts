import { type Chassis, type ServiceRooms, defineService, migrationsOf } from "@crossline/chassis";
import { timelineKind, topics } from "@crossline/contracts";
import { expireKeys } from "@crossline/idempotency";
import { lineMigrations, markMigrations } from "@crossline/projection";
import { createLines } from "@crossline/projection/compiled-lines";
import type { CommandDeps } from "./commands/change-case.ts";
import { createQuiet } from "./commands/quiet.ts";
import { type RoutingSettings, routingConfig } from "./config.ts";
import { type Applied, apply, readTopics, readTypes } from "./consumers/apply.ts";
import { createFigures, measureHandoffs } from "./measure.ts";
import { serveRouting } from "./routes/all.ts";
import { createGate } from "./routes/gate.ts";
import { readHeads } from "./store/heads.ts";
import { createDuty } from "./store/on-duty.ts";
import { removeRows } from "./store/removed-rows.ts";
import { type QueueReads, startQueueReads } from "./workers/queue-reads.ts";
import { createQueueTopics } from "./workers/queue-topics.ts";

type RoutingOffer = { readonly reads: QueueReads };

/** Routing: it owns lines, calendars, rosters, hand-offs and the vendors' queues, and says who holds a case. */
export const routing = defineService({
  name: "routing",
  openapi: {
    title: "Crossline routing",
    description: "Lines, calendars, hand-offs, the queues of the vendors, and rosters.",
  },
  config: routingConfig,
  settings: ({ INTAKE_URL: intakeUrl }) => ({ intakeUrl }),
  migrations: migrationsOf(import.meta, "@crossline/access", "@crossline/idempotency", lineMigrations, markMigrations),
  reads: {
    topics: readTopics,
    types: readTypes,
    ignores: (timeline) => timelineKind(timeline) === "import",
    heads: { [topics.handoff]: readHeads },
  },
  publishes: [topics.handoff, topics.line, topics.roster],
  removeRows,
  expire: expireKeys,
  build: buildRouting,
});

function buildRouting(chassis: Chassis<RoutingSettings>): ServiceRooms<RoutingOffer> {
  const { database, broker, log, metrics, addWorker, watchWorker, authenticate, wakeRelay, settings } = chassis;
  const figures = createFigures(metrics, log);
  const lines = createLines((line, calendars) => figures.closed(line, calendars));
  const duty = createDuty();
  const queueTopics = createQueueTopics(broker, settings.partitions);
  let wakeQueueTopics = (): void => undefined;
  // The consumer runs one transaction at a time; after its commit, this is what it did.
  let applied: Applied | undefined;
  measureHandoffs(metrics, database);
  const told: CommandDeps["told"] = (messages) => {
    wakeRelay();
    figures.told(messages);
  };
  return {
    relayBroker: queueTopics.broker,
    apply: async (tx, events) => {
      applied = await apply(tx, { lines, duty }, events);
    },
    onApplied() {
      if (applied === undefined) return;
      if (applied.told.length > 0) wakeRelay();
      if (applied.parties) wakeQueueTopics();
      figures.told(applied.told);
      figures.underBuiltin(applied.underBuiltin);
    },
    workers() {
      const vendors = queueTopics.start(database, log);
      watchWorker("queue topics", vendors, "progress");
      wakeQueueTopics = () => vendors.wake();
      const reads = startQueueReads(database, log);
      addWorker("readings of queues", reads);
      return { reads };
    },
    routes(http, _running, { reads }) {
      const commands: CommandDeps = { database, lines, duty, quiet: createQuiet(settings), told };
      const noteRead = (queue: string): void => reads.note(queue);
      const { internalKey } = settings;
      serveRouting(http, { ...commands, gate: createGate(authenticate), noteRead, internalKey });
    },
  };
}
