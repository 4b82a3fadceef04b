import { kafkaBroker } from "@crossline/messaging";
import { connect, migrate } from "@crossline/postgres";
import { createLogger, exitWith, runMain, tracingIn, kafkaIn } from "@crossline/service";
import { openTracing } from "@crossline/tracing";
import { startRouting } from "./app.ts";
import { readRoutingConfig } from "./config.ts";
import { routingMigrations } from "./migrations.ts";

const config = readRoutingConfig();
if (config.BROKER === "memory") {
  exitWith(
    "BROKER=memory only works where one process hosts all services; as a process of its own routing needs Kafka.",
  );
}
const log = createLogger("routing", config.LOG_LEVEL);
const schema = "routing";

runMain(log, async (life) => {
  const url = config.DATABASE_URL;
  await migrate({ url, schema, directories: routingMigrations });
  const database = connect({
    url,
    schema,
    applicationName: "crossline-routing",
    onError: (error) => log.warn({ err: error }, "a connection to the database was lost"),
  });
  life.add("database", () => database.close());
  const tracing = await openTracing({ service: schema, log, ...tracingIn(config) });
  life.add("tracing", () => tracing.stop());
  const broker = kafkaBroker({ ...kafkaIn(config), clientId: "crossline-routing", log });
  life.add("broker", () => broker.close());
  const routing = await startRouting({
    database,
    broker,
    log,
    tracing,
    config: { internalKey: config.INTERNAL_KEY, partitions: config.PARTITIONS, intakeUrl: config.INTAKE_URL },
    http: { host: config.HOST, port: config.PORT },
  });
  life.add("routing", () => routing.stop(), 20_000);
  log.info({ url: routing.url }, "routing runs");
});
