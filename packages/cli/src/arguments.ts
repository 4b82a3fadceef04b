import { type Instant, parseInstant, sentInstant, zone } from "@crossline/contracts";
import { InvalidArgumentError, Option } from "commander";

export type BrokerKind = "kafka" | "memory";

/** Returns the option `--broker`. */
export function brokerOption(): Option {
  return new Option("--broker <broker>", "kafka, or memory for the durable in-process broker").choices([
    "kafka",
    "memory",
  ]);
}

/** Returns the option `--port` of a verb that works on the running Crossline. */
export function runningPortOption(): Option {
  return new Option("--port <port>", "port of the running Crossline (default: the port of the last start)").argParser(
    readPort,
  );
}

/** Reads the first port of a run, which also uses the five ports after it. */
export function readPort(text: string): number {
  return readNumber(text, 1_024, 65_000);
}

/** Reads the version of a line. */
export function readVersion(text: string): number {
  return readNumber(text, 1, 9_999_999);
}

/** Reads the number of days for which a roster is shown. */
export function readDays(text: string): number {
  return readNumber(text, 1, 31);
}

/** Reads an instant in ISO 8601 with its offset. */
export function readInstant(text: string): Instant {
  const read = sentInstant.safeParse(text);
  if (!read.success) throw new InvalidArgumentError("It must be an instant like 2026-03-07T09:00:00-05:00.");
  return parseInstant(read.data);
}

/** Reads a time zone by its name. */
export function readZone(text: string): string {
  if (!zone.safeParse(text).success) throw new InvalidArgumentError("It must be a time zone like America/Toronto.");
  return text;
}

function readNumber(text: string, min: number, max: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < min || number > max)
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  return number;
}
