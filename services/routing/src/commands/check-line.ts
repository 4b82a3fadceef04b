import { type LineDocument, type ProblemField, refusal } from "@crossline/contracts";
import { lint } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { eventually } from "@crossline/service";
import { unknownVendors } from "../store/parties.ts";
import { newestVersions } from "../store/rosters.ts";
import { type Pinned, pinCalendars } from "./pin-calendars.ts";

/** `/v1/lines/default` is the address of something else. */
const reserved = "default";

export type Checked =
  | { readonly ok: true; readonly document: LineDocument; readonly calendars: Pinned["calendars"] }
  | { readonly ok: false; readonly faults: readonly ProblemField[] };

/** Whose line it is to be, and of which one a version; as far as that is known. */
export type Intended = { readonly carrier?: string | undefined; readonly name?: string | undefined };

/** Lints a line as it was written, and asks whether its name can be had, its vendors and its calendars are known. */
export async function checkLine(
  database: Database,
  written: unknown,
  { carrier, name }: Intended = {},
): Promise<Checked> {
  const linted = lint(written);
  if (!linted.ok) return linted;
  const { document } = linted;
  const pinned = await pinCalendars(database, document, carrier);
  const faults = [
    ...nameFaults(document, name),
    ...pinned.faults,
    ...(await vendorFaults(database, document, carrier)),
    ...(await rosterFaults(database, document)),
  ];
  return faults.length === 0 ? { ...linted, calendars: pinned.calendars } : { ok: false, faults };
}

function nameFaults({ line }: LineDocument, name: string | undefined): ProblemField[] {
  if (line === reserved) return [{ at: "/line", message: `${reserved} is reserved; give the line another name` }];
  if (name !== undefined && line !== name) return [{ at: "/line", message: `must be ${name}, as the address says` }];
  return [];
}

/** A vendor that was recorded a moment ago may not be known here yet. */
async function vendorFaults(
  database: Database,
  { crossing }: LineDocument,
  asking = "operator",
): Promise<ProblemField[]> {
  const vendorOf = (to: string): string => to.slice("queue:".length).split(".")[0] ?? "";
  const vendors = [
    ...new Set(
      crossing
        .map(({ to }) => to)
        .filter(isQueue)
        .map(vendorOf),
    ),
  ];
  if (vendors.length === 0) return [];
  let unknown: ReadonlySet<string> = new Set();
  await eventually(asking, async () => {
    unknown = new Set(await unknownVendors(database, vendors));
    return unknown.size === 0 ? true : undefined;
  });
  return crossing.flatMap(({ to }, index) =>
    isQueue(to) && unknown.has(vendorOf(to))
      ? [
          {
            at: `/crossing/${index}/to`,
            message: `no vendor named ${vendorOf(to)} is registered; correct it, or ask the operator to register the vendor`,
          },
        ]
      : [],
  );
}

function isQueue(to: string): boolean {
  return to.startsWith("queue:");
}

/** A line may name anybody's roster; that it exists is all that its author learns. */
async function rosterFaults(
  database: Database,
  { crossing, lastResort, needBy }: LineDocument,
): Promise<ProblemField[]> {
  const named = [
    ...crossing.map(({ to }, index) => ({ at: `/crossing/${index}/to`, to })),
    ...lastResort.map((to, index) => ({ at: `/lastResort/${index}`, to })),
    ...(needBy?.emergency === undefined ? [] : [{ at: "/needBy/emergency", to: needBy.emergency }]),
  ]
    .filter(({ to }) => to.startsWith("roster:"))
    .map(({ at, to }) => ({ at, roster: to.slice("roster:".length) }));
  if (named.length === 0) return [];
  const found = await newestVersions(
    database,
    named.map(({ roster }) => roster),
  );
  const known = new Set(found.map(({ roster }) => roster));
  return named
    .filter(({ roster }) => !known.has(roster))
    .map(({ at, roster }) => ({
      at,
      message: `no roster named ${roster} is published; correct it, or let its owner publish it at /v1/rosters`,
    }));
}

/** What somebody gets who wants to publish a line with faults. */
export function refuseFaults(faults: readonly ProblemField[]) {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  return refusal("line_does_not_lint", `${first?.at === "" ? "The line" : first?.at} ${first?.message}${more}.`, {
    fields: faults,
  });
}
