import type { DutyResponse } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { connectCompany } from "../connection.ts";
import { queryOf } from "../pages.ts";
import { print, printJson, printRows } from "../print.ts";

const dayMs = 86_400_000;

export type DutyOptions = ApiOptions & { readonly at?: number; readonly days: number };

/** Runs `duty`. The verb prints the shifts of your rosters, and the gaps of every roster that your lines name. */
export async function showDuty(options: DutyOptions): Promise<number> {
  const { at = Date.now(), days, json } = options;
  const client = await connectCompany(options);
  const query = queryOf({ from: new Date(at).toISOString(), to: new Date(at + days * dayMs).toISOString() });
  const duty = await client.get<DutyResponse>(`/v1/duty${query}`);
  if (json === true) {
    printJson(duty);
    return 0;
  }
  if (duty.rosters.length === 0) print("Your company has no roster, and its lines name none.");
  for (const { roster, coverage, own } of duty.rosters) {
    print(`${roster.party}.${roster.name}`);
    if (own !== undefined) printRows(own.shifts, "No person has a shift.");
    for (const { person, unreachable } of own?.people ?? [])
      if (unreachable !== undefined) print(`${person} ${unreachable}`);
    const gaps = coverage.filter(({ state }) => state === "gap");
    for (const { from, to } of gaps) print(`gap: ${from} to ${to}`);
    if (gaps.length === 0) print("A person is on duty at every instant.");
    print("");
  }
  return 0;
}
