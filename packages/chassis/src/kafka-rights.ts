import { setTimeout as delay } from "node:timers/promises";
import { applyRightsOfServices, describeRefusal } from "@crossline/messaging";
import { baseConfig, createLogger, exitWith, kafkaConnection, kafkaVariables, parseConfig } from "@crossline/service";
import { z } from "zod";

/*
 * The program of the container `kafka-rights` in docker-compose.yml. It signs in to Kafka as the operator, gives the Kafka users of the
 * services their rights, and ends. Kafka may still be starting, so the program retries for half a minute. If Kafka refuses the password,
 * the exit code is 78.
 */
const retryForMs = 30_000;
const pauseMs = 500;

const { LOG_LEVEL, FIRST_LOOK } = baseConfig({ port: 0 });
const read = parseConfig(z.object({ LOG_LEVEL, FIRST_LOOK, ...kafkaVariables() }), process.env);
if ("faults" in read) exitWith(...read.faults);
const { config } = read;
const log = createLogger("kafka-rights", config.LOG_LEVEL);
// kafkajs logs a warning for each attempt, and this program reports only the last fault.
const silentLog = { debug() {}, info() {}, warn() {}, error() {} };
const options = { ...kafkaConnection(config), clientId: "crossline-kafka-rights", log: silentLog };

for (const deadline = performance.now() + retryForMs; ; await delay(pauseMs)) {
  try {
    const { missing, surplus } = await applyRightsOfServices(options);
    log.info({ added: missing.length, removed: surplus.length }, "the Kafka users of the services have their rights");
    break;
  } catch (error) {
    if (performance.now() < deadline) continue;
    const refusal = describeRefusal(error, options);
    if (refusal !== undefined) exitWith(refusal);
    log.fatal({ err: error }, "the rights of the services could not be applied");
    process.exit(1);
  }
}
