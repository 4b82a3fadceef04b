import { kafkaOperator } from "@crossline/contracts";
import { type KafkaConnection, describeRefusal, kafkajsConnection } from "@crossline/messaging";
import { connect, now } from "@crossline/postgres";
import { localKafkaUsers, savedKafkaBroker, savedPostgresUrl } from "@crossline/servers";
import { Kafka, logLevel } from "kafkajs";
import { setting } from "../env-file.ts";
import { CommandFault } from "../fault.ts";
import { externalKafka } from "../kafka-environment.ts";
import { loginOf } from "../own-kafka.ts";
import { checkoutName } from "../keys.ts";
import { formatSpan } from "../span.ts";
import { type CheckResult, fault, ok, warning } from "./check-result.ts";

const unknown = "no address is known here; the readiness of the services includes it";
const timeoutMs = 5_000;
const clockWarningMs = 2_000;
const clockFaultMs = 60_000;

/** Checks that PostgreSQL responds, and compares its clock with the clock of this machine. */
export async function checkPostgres(): Promise<CheckResult[]> {
  const given = setting("DATABASE_URL");
  const url = given ?? savedPostgresUrl(checkoutName("crossline"));
  if (url === undefined) return [ok("PostgreSQL", unknown)];
  const database = connect({ url, schema: "public", applicationName: "crossline-doctor", poolMax: 1 });
  const { host } = new URL(url);
  try {
    await now(database); // The first statement also connects, so it cannot measure the clock.
    const before = Date.now();
    const theirs = await now(database);
    return [ok("PostgreSQL", `responds at ${host}`), compareClocks(theirs - (before + Date.now()) / 2)];
  } catch (cause) {
    return [
      silent("PostgreSQL", `${host}: ${(cause as Error).message}`, given === undefined ? undefined : "DATABASE_URL"),
    ];
  } finally {
    await database.close();
  }
}

/** Returns the result about the difference between the clock of the database and the clock of this machine. */
export function compareClocks(differenceMs: number): CheckResult {
  const distance = Math.abs(differenceMs);
  const found = `the clock of the database and of this machine differ by ${formatSpan(distance)}`;
  const remedy = "set both clocks by NTP";
  if (distance > clockFaultMs) return fault("clocks", found, remedy);
  return distance > clockWarningMs ? warning("clocks", found, remedy) : ok("clocks", found);
}

/** Checks that Kafka responds, with the user and the certificates of the variables. */
export async function checkKafka(): Promise<CheckResult> {
  try {
    const given = externalKafka();
    if (given !== undefined) return await askKafka(given, "KAFKA_BROKERS");
  } catch (error) {
    if (error instanceof CommandFault) return fault("Kafka", error.message, "correct the variables of Kafka");
    throw error;
  }
  const name = checkoutName("crossline");
  const [saved, users] = [savedKafkaBroker(name), localKafkaUsers(name)];
  if (saved === undefined) return ok("Kafka", unknown);
  return askKafka({ brokers: [saved], ...(users && { sasl: loginOf(users, kafkaOperator) }) }, undefined);
}

async function askKafka(connection: KafkaConnection, variable: string | undefined): Promise<CheckResult> {
  const options = { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, retry: { retries: 0 } };
  const kafka = new Kafka({
    ...kafkajsConnection(connection),
    clientId: "crossline-doctor",
    logLevel: logLevel.NOTHING,
    ...options,
  });
  const admin = kafka.admin();
  const addresses = connection.brokers.join(", ");
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    return ok("Kafka", `${cluster.brokers.length} brokers respond at ${addresses}`);
  } catch (cause) {
    const refusal = describeRefusal(cause, connection);
    if (refusal !== undefined) return fault("Kafka", refusal, 'see the runbook "Kafka refuses a service"');
    return silent("Kafka", `${addresses}: ${(cause as Error).message}`, variable);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** Without a variable, the address is of an earlier start, which the present Crossline may not use. */
function silent(check: string, place: string, variable: string | undefined): CheckResult {
  const found = `does not respond at ${place}`;
  if (variable !== undefined) return fault(check, found, `check ${variable}, and start ${check}`);
  return warning(check, `${found} (the address of the last start)`, "read the results of the services below");
}
