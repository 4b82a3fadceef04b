import type { PublishedRoster } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { connectCompany } from "../connection.ts";
import { queryOf } from "../pages.ts";
import { print, printJson, printRows } from "../print.ts";
import { dutyOf, dutyRows } from "../roster/duty.ts";
import type { RosterOptions } from "./roster-check.ts";

type OnDuty = {
  readonly at: string;
  readonly version: number;
  readonly people: readonly {
    readonly person: string;
    readonly name: string;
    readonly mail?: string;
    readonly url?: string;
    readonly quiet: boolean;
  }[];
};

/** Runs `roster show NAME [--at INSTANT]`. The verb prints the people on duty and how to reach them. */
export async function showRoster(name: string, options: ApiOptions & { readonly at?: string }): Promise<number> {
  const client = await connectCompany(options);
  const path = `/v1/rosters/${encodeURIComponent(name)}/on-duty${queryOf({ at: options.at })}`;
  const duty = await client.get<OnDuty>(path);
  if (options.json === true) printJson(duty);
  else {
    print(`${name}, version ${duty.version}, at ${duty.at}`);
    const rows = duty.people.map(({ person, name: full, mail, url, quiet }) => ({
      person,
      name: full,
      mail,
      webhook: url,
      quiet: quiet ? "quiet hours" : "–",
    }));
    printRows(rows, "No person is on duty.");
  }
  return 0;
}

/** Runs `roster week NAME`. The verb prints the turns of each layer, and the periods in which no person is on duty. */
export async function showWeek(name: string, options: ApiOptions & RosterOptions): Promise<number> {
  const { at = Date.now(), days, json } = options;
  const client = await connectCompany(options);
  const { roster, document } = await client.get<PublishedRoster>(`/v1/rosters/${encodeURIComponent(name)}`);
  const spans = dutyOf(document, at, days);
  const uncovered = spans.filter(({ people }) => Object.values(people).every((person) => person === null));
  if (json === true) printJson({ roster, spans, uncovered: uncovered.map(({ from, to }) => ({ from, to })) });
  else {
    print(`${name}, version ${roster.version}`);
    printRows(dutyRows(spans));
    print("");
    for (const { from, to } of uncovered) print(`uncovered: ${from} to ${to}`);
    if (uncovered.length === 0) print("A person is on duty at every instant.");
  }
  return 0;
}
