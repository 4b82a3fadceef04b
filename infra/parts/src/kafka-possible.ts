import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { javaCommand } from "./config.ts";
import { installedKafka, mavenCommand } from "./kafka-install.ts";

const javaWanted = 17;

export type Possible = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Whether `startKafka` can work here: Linux, Java 17 or newer, and Maven where the jars are not there yet. The reason is one sentence that says what to do. */
export function kafkaPossible(): Possible {
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

function no(reason: string): Possible {
  return { ok: false, reason };
}

/** 17 for `openjdk version "17.0.15"`, 8 for `java version "1.8.0_412"`; undefined where there is no Java. */
export function parseJavaVersion(printed: string): number | undefined {
  const found = /version "(?:1\.)?(\d+)/.exec(printed);
  return found === null ? undefined : Number(found[1]);
}

function javaVersion(): number | undefined {
  return parseJavaVersion(spawnSync(javaCommand(), ["-version"], { encoding: "utf8" }).stderr ?? "");
}
