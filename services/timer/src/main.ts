import { kafkaBroker } from "@crossline/messaging";
import { connect, migrate } from "@crossline/postgres";
import { createLogger, exitWith, runMain, tracingIn, kafkaIn } from "@crossline/service";
import { openTracing } from "@crossline/tracing";
import { startTimer } from "./app.ts";
import { readTimerConfig } from "./config.ts";
import { timerMigrations } from "./migrations.ts";

const config = readTimerConfig();
if (config.BROKER === "memory") {
  exitWith(
    "BROKER=memory only works where one process hosts all services; as a process of its own the timer needs Kafka.",
  );
}
const log = createLogger("timer", config.LOG_LEVEL);
const schema = "timer";

runMain(log, async (life) => {
  const url = config.DATABASE_URL;
  await migrate({ url, schema, directories: timerMigrations });
  const database = connect({
    url,
    schema,
    applicationName: "crossline-timer",
    onError: (error) => log.warn({ err: error }, "a connection to the database was lost"),
  });
  life.add("database", () => database.close());
  const tracing = await openTracing({ service: schema, log, ...tracingIn(config) });
  life.add("tracing", () => tracing.stop());
  const broker = kafkaBroker({ ...kafkaIn(config), clientId: "crossline-timer", log });
  life.add("broker", () => broker.close());
  const timer = await startTimer({
    database,
    broker,
    log,
    tracing,
    config: { internalKey: config.INTERNAL_KEY, partitions: config.PARTITIONS },
    http: { host: config.HOST, port: config.PORT },
  });
  life.add("timer", () => timer.stop(), 20_000);
  log.info({ url: timer.url }, "the timer runs");
});
