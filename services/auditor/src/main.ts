import { constants, setPriority } from "node:os";
import { kafkaBroker } from "@crossline/messaging";
import { connect, migrate } from "@crossline/postgres";
import { createLogger, exitWith, runMain, tracingIn, kafkaIn } from "@crossline/service";
import { openTracing } from "@crossline/tracing";
import { startAuditor } from "./app.ts";
import { readAuditorConfig, settingsOf } from "./config.ts";
import { auditorMigrations } from "./migrations.ts";

const config = readAuditorConfig();
if (config.BROKER === "memory") {
  exitWith(
    "BROKER=memory only works where one process hosts all services; as a process of its own the auditor needs Kafka.",
  );
}
const log = createLogger("auditor", config.LOG_LEVEL);
const schema = "auditor";

// It must not slow down what it looks at: where the processor is used up, the others go first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

runMain(log, async (life) => {
  const url = config.DATABASE_URL;
  await migrate({ url, schema, directories: auditorMigrations });
  const database = connect({
    url,
    schema,
    applicationName: "crossline-auditor",
    onError: (error) => log.warn({ err: error }, "a connection to the database was lost"),
  });
  life.add("database", () => database.close());
  const tracing = await openTracing({ service: schema, log, ...tracingIn(config) });
  life.add("tracing", () => tracing.stop());
  const broker = kafkaBroker({ ...kafkaIn(config), clientId: "crossline-auditor", log });
  life.add("broker", () => broker.close());
  const auditor = await startAuditor({
    database,
    broker,
    log,
    tracing,
    config: settingsOf(config),
    http: { host: config.HOST, port: config.PORT },
  });
  life.add("auditor", () => auditor.stop(), 20_000);
  log.info({ url: auditor.url }, "the auditor runs");
});
