import { constants, getPriority, setPriority } from "node:os";
import { KafkaRefusedError, kafkaBroker } from "@crossline/messaging";
import { ForeignDataError, connect, migrate } from "@crossline/postgres";
import { createLogger, exitWith, kafkaIn, runMain, tracingIn } from "@crossline/service";
import { openTracing } from "@crossline/tracing";
import { type BaseShape, type ServiceProgram, configure } from "./program.ts";

const stopMs = 20_000;

/**
 * Runs a service as its own process, for `main.ts`. The function reads the environment, migrates the schema, connects to
 * PostgreSQL and Kafka and starts the service. A signal stops the service. If the configuration is wrong, or the data belongs to
 * another installation, the process ends with exit code 78. The same happens if Kafka refuses the service from its start
 * for 30 s. The process prints one sentence per fault.
 */
export function runService<Shape extends BaseShape, Settings extends object, Handles extends object>(
  program: ServiceProgram<Shape, Settings, Handles>,
): void {
  const { name, migrations, poolMax, background } = program;
  const configured = configure(program, process.env);
  if ("faults" in configured) exitWith(...configured.faults);
  const { config, start } = configured;
  if (config.BROKER === "memory") {
    exitWith(`BROKER=memory works only if one process hosts all services. As its own process, ${name} needs Kafka.`);
  }
  const { PRIORITY_BELOW_NORMAL: below } = constants.priority;
  // Without privileges a process can only lower its priority.
  if (background === true && getPriority() < below) setPriority(below);
  const log = createLogger(name, config.LOG_LEVEL);
  runMain(log, async (life) => {
    const url = config.DATABASE_URL;
    const applicationName = `crossline-${name}`;
    await migrate({ url, schema: name, directories: [...migrations] }).catch(refuseToStart);
    const database = connect({
      url,
      schema: name,
      applicationName,
      ...(poolMax !== undefined && { poolMax }),
      onError: (error) => log.warn({ err: error }, "a connection to the database was lost"),
    });
    life.add("database", () => database.close());
    const tracing = await openTracing({ service: name, log, ...tracingIn(config) });
    life.add("tracing", () => tracing.stop());
    if (config.KAFKA_USER === undefined && config.KAFKA_CERT_FILE === undefined) {
      log.warn("Kafka is used without a user, so Kafka cannot limit the rights of this service");
    }
    const broker = kafkaBroker({ ...kafkaIn(config, program.publishes), clientId: applicationName, log });
    life.add("broker", () => broker.close());
    const starting = start({ database, broker, log, tracing, onCrash: refuseToStart });
    // The service must leave its group before the broker closes. Therefore a stop during the start waits until the
    // start has ended.
    const stopStarted = () =>
      starting.then(
        (service) => service.stop(),
        () => undefined,
      );
    life.add(name, stopStarted, stopMs);
    const service = await starting.catch(refuseToStart);
    log.info({ url: service.url }, "the service is running");
  });
}

/**
 * Ends the process if a restart would not help: the data belongs to an earlier version or to another installation, or Kafka
 * refuses the service.
 */
function refuseToStart(error: unknown): never {
  if (error instanceof ForeignDataError || error instanceof KafkaRefusedError) exitWith(error.message);
  throw error;
}
