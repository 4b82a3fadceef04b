import {
  type Chassis,
  type RunningParts,
  type ServiceRooms,
  defineService,
  migrationsOf,
  readPosition,
  startPositions,
} from "@crossline/chassis";
import { topicAccess } from "@crossline/contracts";
import { markMigrations } from "@crossline/projection";
import type { Loop } from "@crossline/service";
import { type InsightSettings, insightConfig, insightSettings } from "./config.ts";
import { apply, readTypes } from "./consumers/apply.ts";
import { registerGauges } from "./metrics.ts";
import { serveInsight } from "./routes/all.ts";
import { removeRows } from "./store/removed-rows.ts";

/** Insight counts cases for reports. No escalation depends on insight, and a rebuild from the topics gives the same tables. */
export const insight = defineService({
  name: "insight",
  openapi: {
    title: "Crossline insight",
    description: "Reports over many cases, with the cases behind each number.",
  },
  config: insightConfig,
  settings: insightSettings,
  migrations: migrationsOf(import.meta, "@crossline/access", markMigrations),
  // A report is not urgent. The consumer therefore waits 250 ms for more records before each batch, and sends a request every five
  // seconds while no record arrives.
  reads: { topics: topicAccess.insight.reads, types: readTypes, gatherMs: 250, pollMs: 5_000 },
  publishes: topicAccess.insight.owns,
  removeRows,
  // Insight must not slow down the services in the path of an escalation.
  background: true,
  build: buildInsight,
});

type InsightWorkers = { readonly positions: Loop };

function buildInsight(chassis: Chassis<InsightSettings>): ServiceRooms<InsightWorkers> {
  const { database, broker, health, metrics, authenticate, settings } = chassis;
  const { internalKey, partitions } = settings;
  registerGauges(metrics, database, partitions);
  health.ready("position", async () => {
    const { readUntil } = await readPosition(database, partitions);
    return readUntil === null ? "the topics are read for the first time, or again" : undefined;
  });
  return {
    apply,
    workers: (running) => startWorkers(chassis, running),
    routes: (http, { consumer }, { positions }) =>
      serveInsight(http, {
        database,
        authenticate,
        internalKey,
        partitions,
        keepsRecords: broker.readPartition !== undefined,
        behind: () => consumer.behind(),
        onReset: () => positions.wake(),
      }),
  };
}

function startWorkers(
  { database, log, watchWorker, settings: { positionMs } }: Chassis<InsightSettings>,
  { consumer }: RunningParts,
): InsightWorkers {
  const positions = startPositions({ database, consumer, log, positionMs });
  watchWorker("positions", positions, "database");
  return { positions };
}
