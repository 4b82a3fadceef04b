import { parseDuration, target } from "@crossline/contracts";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type BrokerKind, brokerOption, readPort } from "../arguments.ts";
import { readText } from "../document-file.ts";
import { UsageFault } from "../fault.ts";
import { type ServiceName, serviceNames } from "../services.ts";
import type { Mapping } from "./mapping.ts";
import type { IdleClock, ObservedLine } from "./observed-line.ts";

/** What one run of `replay` is asked for. */
export type ReplayRequest = {
  readonly file: string;
  /** What observes: a line of idle clocks, or any line's copy. */
  readonly line: ObservedLine;
  /** A line was named: the report has what would have crossed. */
  readonly reportsCrossings: boolean;
  readonly mapping: Mapping | undefined;
  /** Which file of a zip. */
  readonly entry: string | undefined;
  readonly kill: ServiceName | undefined;
  readonly broker: BrokerKind | undefined;
  readonly port: number;
  readonly json: boolean;
};

/** What `--remove` removes: one import, or all that replays have left. */
export type RemovalRequest = Pick<ReplayRequest, "broker" | "port"> & { readonly timeline: string | undefined };

type Options = {
  readonly idle?: readonly IdleClock[];
  readonly line?: string;
  readonly calendar?: readonly string[];
  readonly mapping?: string;
  readonly entry?: string;
  readonly kill?: ServiceName;
  readonly broker?: BrokerKind;
  readonly port: number;
  readonly json?: boolean;
  readonly remove?: string | true;
};

type ReplayVerbs = {
  readonly replay: (wish: ReplayRequest) => Promise<void>;
  readonly remove: (wish: RemovalRequest) => Promise<void>;
};

/** Adds the verb `replay` to the command. */
export function addReplay(program: Command, { replay, remove }: ReplayVerbs): void {
  const ofOneRun = ["idle", "line", "calendar", "mapping", "entry", "kill", "json"];
  program
    .command("replay")
    .summary("replay a recorded history and count what came due")
    .description(
      "Replays a recorded history (XES, CSV, or a zip with one) through the services, and counts from outside what came due.\nWithout --idle and --line it counts silences of 24 and 72 hours. docs/replay.md explains the counts.",
    )
    .argument("[file]", "the log")
    .option("--idle <time>", "count silences as long as this, like 24h; may be repeated", readIdle)
    .addOption(
      new Option("--line <file>", "ask which cases would have crossed under a line, or `builtin`").conflicts("idle"),
    )
    .option("--calendar <name=file>", "a calendar of that line; may be repeated", append)
    .option("--mapping <file>", "how to read a log of another form")
    .option("--entry <name>", "which file of a zip")
    .addOption(new Option("--kill <service>", "kill a service in the middle").choices(serviceNames))
    .addOption(brokerOption())
    .option("--port <port>", "first of the five ports", readPort, 7310)
    .option("--json", "print one last line of JSON")
    .addOption(
      new Option("--remove [import]", "remove one import (imp_…), or all that replays have left").conflicts(ofOneRun),
    )
    .action(async (file: string | undefined, options: Options) => {
      const { broker, port } = options;
      if (options.remove === undefined) await replay(await readReplayRequest(file, options));
      else await remove({ timeline: readTimeline(options.remove, file), broker, port });
    });
}

async function readReplayRequest(file: string | undefined, options: Options): Promise<ReplayRequest> {
  const { line, calendar, mapping, entry, kill, broker, port, json = false } = options;
  if (file === undefined) throw new UsageFault("Name one log file, or see `crossline replay --help`.");
  if (line === undefined && calendar !== undefined) throw new UsageFault("A --calendar belongs to a --line.");
  // They bring the domain's rules and CEL with them.
  const { parseMapping } = await import("./mapping.ts");
  return {
    file,
    line: await readLine(options),
    reportsCrossings: line !== undefined,
    mapping: mapping === undefined ? undefined : parseMapping(readText(mapping), mapping),
    entry,
    kill,
    // A question about a line needs no broker of its own; only Kafka has processes to kill.
    broker: broker ?? (line !== undefined && kill === undefined ? "memory" : undefined),
    port,
    json,
  };
}

async function readLine({ line, idle, calendar }: Options): Promise<ObservedLine> {
  const { idleLine } = await import("./observed-line.ts");
  const { readObservedLine } = await import("./line-file.ts");
  if (line !== undefined) return readObservedLine(line, calendar);
  return idleLine(idle ?? readIdle("72h", readIdle("24h")));
}

function readTimeline(remove: string | true, file: string | undefined): string | undefined {
  const timeline = remove === true ? undefined : remove;
  if (file !== undefined || timeline?.startsWith("imp_") === false)
    throw new UsageFault("Name one import, by its id (imp_…), or none.");
  return timeline;
}

function readIdle(text: string, earlier: readonly IdleClock[] = []): readonly IdleClock[] {
  const found = /^(\d{1,5})(m|h|d)$/.exec(text);
  const iso = found === null ? "" : found[2] === "d" ? `P${found[1]}D` : `PT${found[1]}${found[2]?.toUpperCase()}`;
  if (!target.safeParse(iso).success) throw new InvalidArgumentError("It takes a length of time like 90m, 24h or 3d.");
  const name = `idle-${text}`;
  return [...earlier.filter((idle) => idle.name !== name), { name, ms: parseDuration(iso) }];
}

function append(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}
