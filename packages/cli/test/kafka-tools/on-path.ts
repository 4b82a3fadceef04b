import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureJars, ensureKafkaInstalled, javaCommand } from "@crossline/servers";

const pom = join(import.meta.dirname, "pom.xml");
const classes = {
  "kafka-configs.sh": "kafka.admin.ConfigCommand",
  "kafka-acls.sh": "org.apache.kafka.tools.AclCommand",
};

/**
 * Writes Kafka's own commands into a folder for PATH: they run the classes of the jars, as Kafka's scripts do. Also writes a `docker` that
 * runs the commands for the container of Kafka on this machine, and takes `broker` for the Kafka in the container.
 */
export async function writeTools(folder: string, broker: string): Promise<void> {
  const { libraries } = await ensureKafkaInstalled(() => {});
  const tools = await ensureJars("kafka-tools", { what: "Kafka's tools", pom });
  const java = `${javaCommand()} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '${tools}/*:${libraries}/*'`;
  const write = (name: string, rows: readonly string[]): void =>
    writeFileSync(join(folder, name), ["#!/bin/sh", ...rows, ""].join("\n"), { mode: 0o755 });
  for (const [name, main] of Object.entries(classes)) write(name, [`exec ${java} ${main} "$@"`]);
  write("docker", [
    '[ "$1 $2 $3 $4 $5 $6" = "compose exec -T -w /tmp kafka" ] || exit 2',
    "shift 6",
    "name=${1##*/}; shift",
    `[ "$1 $2" = "--bootstrap-server localhost:9092" ] && { shift 2; set -- --bootstrap-server ${broker} "$@"; }`,
    'exec "$name" "$@"',
  ]);
}
