import { existsSync } from "node:fs";
import { javaVersion } from "./java.ts";
import { installedKafka } from "./kafka-install.ts";
import { mavenCommand } from "./maven.ts";

const javaWanted = 17;

/** Whether a local Kafka can start here, and the reason if it cannot. */
export type KafkaAvailability = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Checks whether `startKafka` can work here. `startKafka` needs Linux, Java 17 or newer, and Maven if the jars are not in the
 * cache. The reason is one sentence with the remedy.
 */
export function checkKafkaAvailability(): KafkaAvailability {
  if (!existsSync("/proc/self/cmdline"))
    return no("The local Kafka runs on Linux only: set KAFKA_BROKERS to a Kafka of your own.");
  const java = javaVersion();
  if (java === undefined)
    return no(
      `Kafka needs Java ${javaWanted} or newer, and this machine has no Java: install one (openjdk-17-jre-headless), or set KAFKA_BROKERS.`,
    );
  if (java < javaWanted)
    return no(
      `Kafka needs Java ${javaWanted} or newer, and this is Java ${java}: install a newer one, or set JAVA_HOME or the PATH to it.`,
    );
  if (installedKafka() === undefined && mavenCommand() === undefined)
    return no("Maven fetches Kafka, and this machine has no mvn: install it (maven), or set KAFKA_BROKERS.");
  return { ok: true };
}

function no(reason: string): KafkaAvailability {
  return { ok: false, reason };
}
