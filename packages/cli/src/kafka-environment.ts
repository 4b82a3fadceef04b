import { resolve } from "node:path";
import type { KafkaConnection } from "@crossline/messaging";
import { kafkaConnection, kafkaVariables, parseConfig } from "@crossline/service";
import { z } from "zod";
import { setting } from "./env-file.ts";
import { CommandFault } from "./fault.ts";

const variables = z.object(kafkaVariables());
const names = Object.keys(variables.shape);

/**
 * Returns the connection to the Kafka that KAFKA_BROKERS and the further variables of Kafka name, in the environment or in the
 * file `.env`. Returns undefined if KAFKA_BROKERS is absent. Throws a CommandFault with one sentence per wrong variable.
 */
export function externalKafka(): KafkaConnection | undefined {
  if (setting("KAFKA_BROKERS") === undefined) return undefined;
  const read = parseConfig(variables, Object.fromEntries(names.map((name) => [name, setting(name)])));
  if ("faults" in read) throw new CommandFault(read.faults.join("\n"));
  return kafkaConnection(read.config);
}

/**
 * Returns the variables of Kafka for a service: those of this process with absolute paths if KAFKA_BROKERS is set. Otherwise
 * all are empty, because the variables do not apply to a Kafka that Crossline starts.
 */
export function kafkaEnvironment(): Record<string, string> {
  const isExternal = (process.env["KAFKA_BROKERS"] ?? "") !== "";
  return Object.fromEntries(names.map((name) => [name, isExternal ? valueOf(name) : ""]));
}

function valueOf(name: string): string {
  const value = process.env[name] ?? "";
  return value !== "" && name.endsWith("_FILE") ? resolve(value) : value;
}
