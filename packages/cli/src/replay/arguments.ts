import { parseDuration, target } from "@crossline/contracts";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type BrokerKind, append, brokerOption, readPort } from "../arguments.ts";
import { readText } from "../document-file.ts";
import { UsageFault } from "../fault.ts";
import { type ServiceName, serviceNames } from "../services.ts";
import type { Mapping } from "./mapping.ts";
import type { IdleClock, ObservedLine } from "./observed-line.ts";

/** The request of one run of `replay`. */
export type ReplayRequest = {
  readonly file: string;
  /** The observing line, which has only idle clocks or is a copy of another line. */
  readonly line: ObservedLine;
  /** True if the command names a line. The report then counts the cases that would have crossed. */
  readonly reportsCrossings: boolean;
  readonly mapping: Mapping | undefined;
  /** The file to read in a zip. */
  readonly entry: string | undefined;
  readonly kill: ServiceName | undefined;
  readonly broker: BrokerKind | undefined;
  readonly port: number;
  readonly json: boolean;
};

/** The request of `--remove` names one import, or all data of earlier replays. */
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
  readonly replay: (request: ReplayRequest) => Promise<void>;
  readonly remove: (request: RemovalRequest) => Promise<void>;
};

/** Adds the verb `replay` to the command. */
export function addReplay(program: Command, { replay, remove }: ReplayVerbs): void {
  const ofOneRun = ["idle", "line", "calendar", "mapping", "entry", "kill", "json"];
  program
    .command("replay")
    .summary("replay a recorded history and count its firings")
    .description(
      "Replays a recorded history (XES, CSV, or a zip with one) through the services, and counts the firings independently.\nWithout --idle and --line, the replay counts silences of 24 and 72 hours. docs/replay.md explains the counts.",
    )
    .argument("[file]", "the log")
    .option("--idle <time>", "count silences of this length, like 24h; can be repeated", readIdle)
    .addOption(
      new Option(
        "--line <file>",
        "count the cases that would have crossed under this line, or under `builtin`",
      ).conflicts("idle"),
    )
    .option("--calendar <name=file>", "a calendar of that line; can be repeated", append)
    .option("--mapping <file>", "the mapping of a log with other columns or attributes")
    .option("--entry <name>", "the file to read in a zip")
    .addOption(new Option("--kill <service>", "kill a service during the replay").choices(serviceNames))
    .addOption(brokerOption())
    .option("--port <port>", "first of the seven ports", readPort, 7310)
    .option("--json", "also print the report as JSON, in the last row")
    .addOption(
      new Option("--remove [import]", "remove one import (imp_…), or the data of all replays").conflicts(ofOneRun),
    )
    .action(async (file: string | undefined, options: Options) => {
      const { broker, port } = options;
      if (options.remove === undefined) await replay(await readReplayRequest(file, options));
      else await remove({ timeline: readTimeline(options.remove, file), broker, port });
    });
}

async function readReplayRequest(file: string | undefined, options: Options): Promise<ReplayRequest> {
  const { line, calendar, mapping, entry, kill, broker, port, json = false } = options;
  if (file === undefined) throw new UsageFault("Name one log file. `crossline replay --help` shows the usage.");
  if (line === undefined && calendar !== undefined) throw new UsageFault("--calendar needs --line.");
  // This import loads the domain's rules and CEL, which other verbs do not need.
  const { parseMapping } = await import("./mapping.ts");
  return {
    file,
    line: await readLine(options),
    reportsCrossings: line !== undefined,
    mapping: mapping === undefined ? undefined : parseMapping(readText(mapping), mapping),
    entry,
    kill,
    // A replay under a line needs no Kafka. The option --kill needs separate processes, which exist only on a platform
    // with Kafka.
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
  const match = /^(\d{1,5})(m|h|d)$/.exec(text);
  const iso = match === null ? "" : match[2] === "d" ? `P${match[1]}D` : `PT${match[1]}${match[2]?.toUpperCase()}`;
  if (!target.safeParse(iso).success) throw new InvalidArgumentError("It must be a duration like 90m, 24h or 3d.");
  const name = `idle-${text}`;
  return [...earlier.filter((idle) => idle.name !== name), { name, ms: parseDuration(iso) }];
}
