import { connect, now } from "@crossline/postgres";
import { savedKafkaBroker, savedPostgresUrl } from "@crossline/servers";
import { Kafka, logLevel } from "kafkajs";
import { setting } from "../env-file.ts";
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

/** Checks that Kafka responds. */
export async function checkKafka(): Promise<CheckResult> {
  const given = setting("KAFKA_BROKERS");
  const brokers = (given ?? savedKafkaBroker(checkoutName("crossline")))?.split(",");
  if (brokers === undefined) return ok("Kafka", unknown);
  const options = { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, retry: { retries: 0 } };
  const kafka = new Kafka({ clientId: "crossline-doctor", brokers, logLevel: logLevel.NOTHING, ...options });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    return ok("Kafka", `${cluster.brokers.length} brokers respond at ${brokers.join(", ")}`);
  } catch (cause) {
    const place = `${brokers.join(", ")}: ${(cause as Error).message}`;
    return silent("Kafka", place, given === undefined ? undefined : "KAFKA_BROKERS");
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
