import { parseArgs } from "node:util";
import { type Client, createClient } from "../client.ts";
import { CommandFault } from "../fault.ts";
import { readKept } from "../keys.ts";
import { printTable, tell } from "../print.ts";

type Listed = { readonly id: string; readonly status: string; readonly line: { readonly version: number } };
type Side = { readonly targetMs: number; readonly dueAt?: string };
type Preview = { readonly clocks: readonly { readonly clock: string; readonly old?: Side; readonly new?: Side }[] };

const ended = new Set(["closed", "rejected", "cancelled"]);

/**
 * `line move NAME --to VERSION`: shows, for each running case under the line, what another version would change; with
 * `--yes` moves them. The key is the carrier's: CROSSLINE_KEY, or the one that `pnpm start` has kept for northtel.
 */
export async function moveCases(args: readonly string[]): Promise<number> {
  const { name, to, from, yes, url, timeline, reason } = readArguments(args);
  const client = createClient(url, keyOf());
  const cases = (await listCases(client, name, timeline)).filter(
    ({ status, line }) => !ended.has(status) && line.version !== to && (from === undefined || line.version === from),
  );
  const rows = [];
  for (const { id, line } of cases) {
    const preview = await client.get<Preview>(`/v1/cases/${id}/clocks/preview?line=${name}&version=${to}`);
    for (const { clock, old, new: anew } of preview.clocks) {
      const [before, after] = [describe(old), describe(anew)];
      if (before !== after) rows.push({ case: id, from: line.version, clock, "due now": before, "due then": after });
    }
  }
  if (rows.length > 0)
    printTable([{ case: "case", from: "from", clock: "clock", "due now": "due now", "due then": "due then" }, ...rows]);
  if (!yes) {
    tell(`${cases.length} running cases of ${name} would be moved to version ${to}; --yes moves them.`);
    return 0;
  }
  for (const { id } of cases) await client.post(`/v1/cases/${id}/move`, { line: name, version: to, reason });
  tell(`${cases.length} cases moved to ${name}@${to}.`);
  return 0;
}

function describe(side: Side | undefined): string {
  return side === undefined ? "–" : (side.dueAt ?? "resting");
}

async function listCases(client: Client, name: string, timeline: string): Promise<Listed[]> {
  const all: Listed[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const more: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: Listed[]; next?: string } = await client.get(
      `/v1/cases?line=${name}&timeline=${timeline}&limit=100${more}`,
    );
    all.push(...page.items);
    cursor = page.next;
  }
  return all;
}

function keyOf(): string {
  const key = process.env["CROSSLINE_KEY"] ?? readKept("northtel.header")?.replace(/^Authorization: Bearer /, "");
  if (key === undefined) throw new CommandFault("Set CROSSLINE_KEY to the carrier's API key.");
  return key;
}

function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        to: { type: "string" },
        from: { type: "string" },
        yes: { type: "boolean", default: false },
        url: { type: "string", default: "http://127.0.0.1:7300" },
        timeline: { type: "string", default: "wall" },
        reason: { type: "string", default: "a new version of the line" },
      },
    });
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) throw new Error("Name one line.");
    const version = (text: string | undefined): number | undefined => {
      if (text !== undefined && !/^[1-9]\d{0,6}$/.test(text)) throw new Error(`"${text}" is no version.`);
      return text === undefined ? undefined : Number(text);
    };
    const to = version(values.to);
    if (to === undefined) throw new Error("Say with --to which version.");
    return { ...values, name, to, from: version(values.from) };
  } catch (cause) {
    throw new CommandFault((cause as Error).message, { cause });
  }
}
