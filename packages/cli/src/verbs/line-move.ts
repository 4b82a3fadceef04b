import type { Client } from "../client.ts";
import { connectCompany } from "../connection.ts";
import { readItems } from "../pages.ts";
import { printRows, print } from "../print.ts";

type ListedCase = { readonly id: string; readonly status: string; readonly line: { readonly version: number } };
type ClockSide = { readonly targetMs: number; readonly dueAt?: string };
type Preview = {
  readonly clocks: readonly { readonly clock: string; readonly old?: ClockSide; readonly new?: ClockSide }[];
};

const ended = new Set(["closed", "rejected", "cancelled"]);

export type MoveOptions = {
  readonly to: number;
  readonly from?: number;
  readonly yes?: boolean;
  readonly timeline: string;
  readonly reason: string;
  /**
   * The address of another Crossline. The default is the running Crossline of this checkout, at `port` if `port` is
   * set.
   */
  readonly url?: string;
  readonly port?: number;
};

/**
 * Runs `line move NAME --to VERSION`. For each open case under the line, the verb shows the deadlines that another
 * version would change. With `yes` it moves the cases. The verb uses the carrier's key from CROSSLINE_KEY, or else the
 * key that `start` has saved for northtel.
 */
export async function moveCases(name: string, options: MoveOptions): Promise<number> {
  const { to, from, yes, timeline, reason } = options;
  const client = await connectCompany(options);
  const cases = (await listCases(client, name, timeline)).filter(
    ({ status, line }) => !ended.has(status) && line.version !== to && (from === undefined || line.version === from),
  );
  const rows = [];
  for (const { id, line } of cases) {
    const preview = await client.get<Preview>(`/v1/cases/${id}/clocks/preview?line=${name}&version=${to}`);
    for (const { clock, old, new: next } of preview.clocks) {
      const [before, after] = [describe(old), describe(next)];
      if (before !== after) rows.push({ case: id, from: line.version, clock, "due now": before, "due then": after });
    }
  }
  printRows(rows);
  if (yes !== true) {
    print(`${cases.length} open cases of ${name} would be moved to version ${to}. --yes moves them.`);
    return 0;
  }
  for (const { id } of cases) await client.post(`/v1/cases/${id}/move`, { line: name, version: to, reason });
  print(`${cases.length} cases moved to ${name}@${to}.`);
  return 0;
}

function describe(side: ClockSide | undefined): string {
  return side === undefined ? "–" : (side.dueAt ?? "paused");
}

function listCases(client: Client, name: string, timeline: string): Promise<ListedCase[]> {
  return readItems(client, "/v1/cases", { line: name, timeline });
}
