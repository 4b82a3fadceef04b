import { existsSync } from "node:fs";
import { javaVersion } from "./java.ts";
import { installedKafka } from "./kafka-install.ts";
import { mavenCommand } from "./maven.ts";

const javaWanted = 17;

export type KafkaAvailability = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Whether `startKafka` can work here: Linux, Java 17 or newer, and Maven where the jars are not there yet. The reason is one sentence that says what to do. */
export function checkKafkaAvailability(): KafkaAvailability {
  if (!existsSync("/proc/self/cmdline"))
    return no("The local Kafka runs on Linux only: set KAFKA_BROKERS to a Kafka of your own.");
  const java = javaVersion();
  if (java === undefined)
    return no(
      `Kafka needs Java ${javaWanted} or newer, and there is none here: install one (openjdk-17-jre-headless), or set KAFKA_BROKERS.`,
    );
  if (java < javaWanted)
    return no(
      `Kafka needs Java ${javaWanted} or newer, and this is Java ${java}: install a newer one, or let JAVA_HOME or the PATH lead to it.`,
    );
  if (installedKafka() === undefined && mavenCommand() === undefined)
    return no("Kafka is fetched by Maven, and there is no mvn here: install it (maven), or set KAFKA_BROKERS.");
  return { ok: true };
}

function no(reason: string): KafkaAvailability {
  return { ok: false, reason };
}
