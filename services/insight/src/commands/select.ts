import { findParty } from "@crossline/access";
import {
  type IndicatorName,
  type Refusal,
  type ReportCasesQuery,
  type ReportDimension,
  parseInstant,
  refusal,
  reportDimension,
  wall,
} from "@crossline/contracts";
import { indicators } from "@crossline/domain";
import { type Database, now } from "@crossline/postgres";
import { findMark } from "@crossline/projection";
import type { Caller } from "@crossline/service";
import { type Position, readPosition } from "@crossline/chassis";
import type { Selection } from "../store/reports.ts";

/** The company whose report a request concerns, and how far insight has read. */
export type ReportReader = { readonly party: string; readonly isVendor: boolean; readonly position: Position };

type SelectDeps = { readonly database: Database; readonly partitions: number };

/** The problem codes of the refusals that `readerOf` and `selectionOf` return. */
export const selectionRefusals = ["not_found", "unknown_party"] as const;

/**
 * Returns the company whose report a request concerns: the caller, or the company that the operator names. A company cannot read the
 * report of another company.
 */
export async function readerOf(
  { database, partitions }: SelectDeps,
  { party, kind }: Caller,
  named: string | undefined,
): Promise<ReportReader | Refusal> {
  if (kind !== "operator") {
    if (named !== undefined && named !== party) return refusal("not_found", "You have no report of this company.");
    return { party, isVendor: kind === "vendor", position: await readPosition(database, partitions) };
  }
  if (named === undefined) return refuseQuery("party", "is missing: name the company of the report");
  const found = await findParty(database, named);
  if (found === undefined || found.kind === "operator")
    return refusal("unknown_party", `There is no carrier or vendor ${named}.`);
  return { party: named, isVendor: found.kind === "vendor", position: await readPosition(database, partitions) };
}

/** Returns the dimensions of an indicator for a reader, or undefined if the reader cannot read the indicator. */
export function dimensionsFor(
  name: IndicatorName,
  { isVendor }: Pick<ReportReader, "isVendor">,
): readonly ReportDimension[] | undefined {
  const { dimensions, forVendors } = indicators[name];
  return isVendor ? forVendors : dimensions;
}

/** The fields of a query that select the counted things. */
export type SelectingQuery = Omit<ReportCasesQuery, "limit" | "cursor">;

/**
 * Returns the things that a query selects. The now of the wall timeline is the position of insight. A late insight therefore counts no
 * promise as missed whose delivery it has not read. Another timeline has its mark as now.
 */
export async function selectionOf(
  tx: Database,
  indicator: IndicatorName,
  reader: ReportReader,
  query: SelectingQuery,
): Promise<Selection | Refusal> {
  const allowed = dimensionsFor(indicator, reader);
  if (allowed === undefined) return refusal("not_found", "Vendors have no report of this name.");
  const filters: Partial<Record<ReportDimension, string>> = {};
  for (const name of reportDimension.options) {
    const value = query[name];
    if (value === undefined) continue;
    if (!allowed.includes(name)) return refuseQuery(name, `is no dimension of ${indicator}`);
    filters[name] = value;
  }
  const { party, isVendor } = reader;
  return { indicator, party, isVendor, ...(await timeOf(tx, reader, query)), filters };
}

/** Returns the timeline, the time and the now of a query. */
export async function timeOf(
  tx: Database,
  { position }: Pick<ReportReader, "position">,
  { timeline, from, to }: Pick<SelectingQuery, "timeline" | "from" | "to">,
) {
  const present = timeline === wall ? position.readUntil : await findMark(tx, timeline);
  return {
    timeline,
    from: from === undefined ? -Infinity : parseInstant(from),
    to: to === undefined ? Infinity : parseInstant(to),
    now: present ?? (await now(tx)),
  };
}

/** Returns the refusal of one value of the query. */
export function refuseQuery(at: string, message: string): Refusal {
  return refusal("invalid_request", `The query is not valid: ${at} ${message}.`, { fields: [{ at, message }] });
}
