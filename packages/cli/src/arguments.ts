import { type Instant, formatInstant, parseInstant, sentInstant, zone } from "@crossline/contracts";
import { type Command, InvalidArgumentError, Option } from "commander";

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

/** Adds the options of a verb that calls the API: the address of Crossline, and the output for programs. */
export function addApiOptions(verb: Command): Command {
  return verb
    .option("--json", "print one JSON document instead of text")
    .addOption(new Option("--url <url>", "address of Crossline (default: CROSSLINE_URL)").conflicts("port"))
    .addOption(runningPortOption());
}

/** The options that `addApiOptions` adds. */
export type ApiOptions = {
  readonly json?: boolean;
  readonly url?: string | undefined;
  readonly port?: number | undefined;
};

/** Adds the option `--person`. */
export function addPersonOption(verb: Command): Command {
  return verb.option("--person <id>", "your company's id of the acting person (default: CROSSLINE_PERSON)");
}

/** Reads the maximum number of items of a list. */
export function readLimit(text: string): number {
  return readNumber(text, 1, 10_000);
}

/** Reads the number of a row, after which a list begins. */
export function readAfter(text: string): number {
  return readNumber(text, 0, Number.MAX_SAFE_INTEGER);
}

/** Collects the values of an option that can be repeated. */
export function append(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}

/** Reads the first port of a run, which also uses the six ports after it. */
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

/** Reads an instant, and returns it in UTC, as the API shows instants. */
export function readInstantText(text: string): string {
  return formatInstant(readInstant(text));
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
