import { constants, setPriority } from "node:os";
import { kafkaBroker } from "@crossline/messaging";
import { connect, migrate } from "@crossline/postgres";
import { createLogger, exitWith, runMain, tracingIn, kafkaIn } from "@crossline/service";
import { openTracing } from "@crossline/tracing";
import { startNotification } from "./app.ts";
import { readNotificationConfig, settingsOf } from "./config.ts";
import { notificationMigrations } from "./migrations.ts";

const config = readNotificationConfig();
if (config.BROKER === "memory") {
  exitWith(
    "BROKER=memory only works where one process hosts all services; as a process of its own notification needs Kafka.",
  );
}
// Where all share a machine: what is due goes first, a webhook may come some milliseconds later.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const log = createLogger("notification", config.LOG_LEVEL);
const schema = "notification";

runMain(log, async (life) => {
  const url = config.DATABASE_URL;
  await migrate({ url, schema, directories: notificationMigrations });
  const database = connect({
    url,
    schema,
    applicationName: "crossline-notification",
    onError: (error) => log.warn({ err: error }, "a connection to the database was lost"),
  });
  life.add("database", () => database.close());
  const tracing = await openTracing({ service: schema, log, ...tracingIn(config) });
  life.add("tracing", () => tracing.stop());
  const broker = kafkaBroker({ ...kafkaIn(config), clientId: "crossline-notification", log });
  life.add("broker", () => broker.close());
  const notification = await startNotification({
    database,
    broker,
    log,
    tracing,
    config: settingsOf(config),
    http: { host: config.HOST, port: config.PORT },
  });
  life.add("notification", () => notification.stop(), 20_000);
  log.info({ url: notification.url }, "notification runs");
});
