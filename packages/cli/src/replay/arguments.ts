import { parseArgs } from "node:util";
import { parseDuration, target } from "@crossline/contracts";
import { readText } from "../document-file.ts";
import { CommandFault } from "../fault.ts";
import { type ServiceName, serviceNames } from "../services.ts";
import type { Idle } from "./expected.ts";
import { readObservedLine } from "./line-file.ts";
import { type Mapping, parseMapping } from "./mapping.ts";
import { type ObservedLine, idleLine } from "./observed-line.ts";

const usage =
  "Usage: npx -y pnpm replay FILE (--idle 24h [--idle 72h …] | --line FILE|builtin [--calendar NAME=FILE …]) [--mapping FILE] [--entry NAME] [--kill timer|intake|routing|notification|auditor] [--broker kafka|memory] [--port 7310] [--json]\n       npx -y pnpm replay --remove [IMPORT] [--broker kafka|memory] [--port 7310]";

export type ReplayArguments = {
  readonly file: string;
  /** What observes: a line of idle clocks, or any line's copy. */
  readonly line: ObservedLine;
  /** A line was named: what would have crossed is told. */
  readonly tellsCrossings: boolean;
  readonly mapping: Mapping | undefined;
  /** Which file of a zip. */
  readonly entry: string | undefined;
  readonly kill: ServiceName | undefined;
  readonly broker: "kafka" | "memory" | undefined;
  readonly port: number;
  readonly json: boolean;
};

/** What `--remove` is to take away: one import, or all that replays have left. */
export type RemovalArguments = Pick<ReplayArguments, "broker" | "port"> & { readonly timeline: string | undefined };

/** Reads `--remove [IMPORT]`; undefined where something else is wanted. */
export function readRemovalArguments(given: readonly string[]): RemovalArguments | undefined {
  if (!given.includes("--remove")) return undefined;
  return explained(() => {
    const { values, positionals } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: { remove: { type: "boolean" }, broker: { type: "string" }, port: { type: "string", default: "7310" } },
    });
    const [timeline, ...more] = positionals;
    if (more.length > 0 || (timeline !== undefined && !timeline.startsWith("imp_")))
      throw new Error("Name one import, by its id (imp_…), or none.");
    return { timeline, broker: readBroker(values.broker), port: Number(values.port) };
  });
}

function explained<Read>(read: () => Read): Read {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof CommandFault) throw cause;
    throw new CommandFault(`${(cause as Error).message}\n${usage}`, { cause });
  }
}

function readBroker(broker: string | undefined): ReplayArguments["broker"] {
  if (broker !== undefined && broker !== "kafka" && broker !== "memory")
    throw new Error(`There is no broker "${broker}".`);
  return broker;
}

/** Reads the command line; throws one sentence, and how it is meant. */
export function readReplayArguments(given: readonly string[]): ReplayArguments {
  return explained(() => {
    const { values, positionals } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        idle: { type: "string", multiple: true, default: [] },
        line: { type: "string" },
        calendar: { type: "string", multiple: true, default: [] },
        mapping: { type: "string" },
        entry: { type: "string" },
        kill: { type: "string" },
        broker: { type: "string" },
        port: { type: "string", default: "7310" },
        json: { type: "boolean", default: false },
      },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new Error("Name one log file.");
    const { kill } = values;
    const broker = readBroker(values.broker);
    const killed = serviceNames.find((name) => name === kill);
    if (kill !== undefined && killed === undefined) throw new Error(`There is no service "${kill}".`);
    const { line, idle, calendar } = values;
    if (line !== undefined && idle.length > 0) throw new Error("Either --idle or --line: a line has its own clocks.");
    if (line === undefined && calendar.length > 0) throw new Error("A --calendar belongs to a --line.");
    return {
      file,
      line: line === undefined ? idleLine(readIdles(idle)) : readObservedLine(line, calendar),
      tellsCrossings: line !== undefined,
      mapping: values.mapping === undefined ? undefined : parseMapping(readText(values.mapping), values.mapping),
      entry: values.entry,
      kill: killed,
      // A question about a line needs no broker of its own; only Kafka has processes to kill.
      broker: broker ?? (line !== undefined && killed === undefined ? "memory" : undefined),
      port: Number(values.port),
      json: values.json,
    };
  });
}

function readIdles(given: readonly string[]): Idle[] {
  return [...new Set(given.length === 0 ? ["24h", "72h"] : given)].map(readIdle);
}

function readIdle(text: string): Idle {
  const found = /^(\d{1,5})(m|h|d)$/.exec(text);
  const iso = found === null ? "" : found[2] === "d" ? `P${found[1]}D` : `PT${found[1]}${found[2]?.toUpperCase()}`;
  if (!target.safeParse(iso).success) throw new Error(`"${text}" is no length of time like 90m, 24h or 3d.`);
  return { name: `idle-${text}`, ms: parseDuration(iso) };
}
