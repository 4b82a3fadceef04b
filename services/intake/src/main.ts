import { kafkaBroker } from "@crossline/messaging";
import { connect, migrate } from "@crossline/postgres";
import { createLogger, exitWith, runMain, tracingIn, kafkaIn } from "@crossline/service";
import { openTracing } from "@crossline/tracing";
import { startIntake } from "./app.ts";
import { readIntakeConfig } from "./config.ts";
import { intakeMigrations } from "./migrations.ts";

const config = readIntakeConfig();
if (config.BROKER === "memory") {
  exitWith(
    "BROKER=memory only works where one process hosts all services; as a process of its own intake needs Kafka.",
  );
}
const log = createLogger("intake", config.LOG_LEVEL);
const schema = "intake";

runMain(log, async (life) => {
  const url = config.DATABASE_URL;
  await migrate({ url, schema, directories: intakeMigrations });
  const database = connect({
    url,
    schema,
    applicationName: "crossline-intake",
    poolMax: 20,
    onError: (error) => log.warn({ err: error }, "a connection to the database was lost"),
  });
  life.add("database", () => database.close());
  const tracing = await openTracing({ service: schema, log, ...tracingIn(config) });
  life.add("tracing", () => tracing.stop());
  const broker = kafkaBroker({ ...kafkaIn(config), clientId: "crossline-intake", log });
  life.add("broker", () => broker.close());
  const intake = await startIntake({ config, database, broker, log, tracing });
  life.add("intake", () => intake.stop(), 20_000);
  log.info({ url: intake.url }, "intake runs");
});
