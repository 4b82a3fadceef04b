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
import { lineMigrations, markMigrations } from "@crossline/projection";
import { createLines } from "@crossline/projection/compiled-lines";
import type { Loop } from "@crossline/service";
import { type ConsoleSettings, consoleConfig, consoleSettings } from "./config.ts";
import { apply, readTypes } from "./consumers/apply.ts";
import { createIssuers } from "./issuers/issuers.ts";
import { registerGauges } from "./metrics.ts";
import { serveConsole } from "./routes/all.ts";
import { expireRows } from "./store/expire.ts";
import { readLateness } from "./store/lateness.ts";
import { removeRows } from "./store/removed-rows.ts";
import { createStreams } from "./streams/streams.ts";

/** The console keeps the journal and the boards. No escalation depends on the console, and a rebuild from the topics gives the same rows. */
const consoleService = defineService({
  name: "console",
  openapi: {
    title: "Crossline console",
    description: "The journal of a case, its clocks at every instant, boards, search and streams.",
  },
  config: consoleConfig,
  settings: consoleSettings,
  migrations: migrationsOf(import.meta, "@crossline/access", lineMigrations, markMigrations),
  reads: { topics: topicAccess.console.reads, types: readTypes },
  publishes: topicAccess.console.owns,
  removeRows,
  expire: expireRows,
  build: buildConsole,
});

const otherConnectionsMax = 1_000;

/** The name `console` is a global of Node, so this file uses another name. */
export { consoleService as console };

type ConsoleWorkers = { readonly positions: Loop };

function buildConsole(chassis: Chassis<ConsoleSettings>): ServiceRooms<ConsoleWorkers> {
  const { database, broker, health, metrics, authenticate, settings, log, recordRead } = chassis;
  const { internalKey, partitions, streamsMax, publicUrl } = settings;
  const lines = createLines();
  const issuers = createIssuers(internalKey);
  const streams = createStreams({ database, log, streamsMax });
  chassis.addWorker("streams", streams);
  registerGauges(metrics, { database, partitions, streams: () => streams.count() });
  health.ready("position", async () => {
    const { readUntil } = await readPosition(database, partitions);
    return readUntil === null ? "the topics are read for the first time, or again" : undefined;
  });
  return {
    apply: (tx, events) => apply(tx, lines, events),
    onApplied: () => streams.wake(),
    onStopping: () => streams.endAll(),
    http: { connectionsMax: streamsMax + otherConnectionsMax },
    workers: (running) => startWorkers(chassis, running),
    operationReport: readLateness,
    routes: (http, { consumer }, { positions }) =>
      serveConsole(http, {
        database,
        authenticate,
        lines,
        streams,
        recordRead,
        issuers,
        internalKey,
        publicUrl,
        partitions,
        keepsRecords: broker.readPartition !== undefined,
        behind: () => consumer.behind(),
        onReset: () => positions.wake(),
      }),
  };
}

function startWorkers(
  { database, log, watchWorker, settings: { positionMs } }: Chassis<ConsoleSettings>,
  { consumer }: RunningParts,
): ConsoleWorkers {
  const positions = startPositions({ database, consumer, log, positionMs });
  watchWorker("positions", positions, "database");
  return { positions };
}
