import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parseDuration, target } from "@crossline/contracts";
import { LocalFault } from "../fault.ts";
import { type ServiceName, serviceNames } from "../services.ts";
import type { Idle } from "./expected.ts";
import { type Mapping, incidentEventLog, parseMapping } from "./mapping.ts";

const usage =
  "Usage: npx -y pnpm replay FILE --idle 24h [--idle 72h …] [--mapping FILE] [--kill timer|intake|routing|notification|auditor] [--broker kafka|memory] [--port 7310] [--json]";

export type ReplayArguments = {
  readonly file: string;
  readonly idles: readonly Idle[];
  readonly mapping: Mapping;
  readonly kill: ServiceName | undefined;
  readonly broker: "kafka" | "memory" | undefined;
  readonly port: number;
  readonly json: boolean;
};

/** Reads the command line; throws one sentence, and how it is meant. */
export function readReplayArguments(given: readonly string[]): ReplayArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        idle: { type: "string", multiple: true, default: ["24h", "72h"] },
        mapping: { type: "string" },
        kill: { type: "string" },
        broker: { type: "string" },
        port: { type: "string", default: "7310" },
        json: { type: "boolean", default: false },
      },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new Error("Name one log file.");
    const { broker, kill } = values;
    if (broker !== undefined && broker !== "kafka" && broker !== "memory")
      throw new Error(`There is no broker "${broker}".`);
    const killed = serviceNames.find((name) => name === kill);
    if (kill !== undefined && killed === undefined) throw new Error(`There is no service "${kill}".`);
    return {
      file,
      idles: [...new Set(values.idle)].map(readIdle),
      mapping: values.mapping === undefined ? incidentEventLog : parseMapping(readText(values.mapping), values.mapping),
      kill: killed,
      broker,
      port: Number(values.port),
      json: values.json,
    };
  } catch (cause) {
    throw new LocalFault(`${(cause as Error).message}\n${usage}`, { cause });
  }
}

function readIdle(text: string): Idle {
  const found = /^(\d{1,5})(m|h|d)$/.exec(text);
  const iso = found === null ? "" : found[2] === "d" ? `P${found[1]}D` : `PT${found[1]}${found[2]?.toUpperCase()}`;
  if (!target.safeParse(iso).success) throw new Error(`"${text}" is no length of time like 90m, 24h or 3d.`);
  return { name: `idle-${text}`, ms: parseDuration(iso) };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`Cannot read ${file}: ${(cause as Error).message}.`, { cause });
  }
}
