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
import { type Tx, now } from "@crossline/postgres";
import { findMark } from "@crossline/projection";
import type { Caller } from "@crossline/service";
import { type Position, readPosition } from "../store/positions.ts";
import type { Selection } from "../store/reports.ts";

/** The company whose report a request concerns. */
export type ReportReader = { readonly party: string; readonly isVendor: boolean };

/** The problem codes of the refusals that `readerOf` and `selectionOf` return. */
export const selectionRefusals = ["not_found", "unknown_party"] as const;

/**
 * Returns the company whose report a request concerns: the caller, or the company that the operator names. A company cannot read the
 * report of another company.
 */
export async function readerOf(
  tx: Tx,
  { party, kind }: Caller,
  named: string | undefined,
): Promise<ReportReader | Refusal> {
  if (kind !== "operator") {
    if (named !== undefined && named !== party) return refusal("not_found", "You have no report of this company.");
    return { party, isVendor: kind === "vendor" };
  }
  if (named === undefined) return refuseQuery("party", "is missing: name the company of the report");
  const found = await findParty(tx, named);
  if (found === undefined || found.kind === "operator")
    return refusal("unknown_party", `There is no carrier or vendor ${named}.`);
  return { party: named, isVendor: found.kind === "vendor" };
}

/** Returns the dimensions of an indicator for a reader, or undefined if the reader cannot read the indicator. */
export function dimensionsFor(name: IndicatorName, { isVendor }: ReportReader): readonly ReportDimension[] | undefined {
  const { dimensions, forVendors } = indicators[name];
  return isVendor ? forVendors : dimensions;
}

/** The fields of a query that select the counted things. */
export type SelectingQuery = Omit<ReportCasesQuery, "limit" | "cursor">;

/** A selection, and the position up to which insight has read. */
export type ReadSelection = { readonly selection: Selection; readonly position: Position };

/**
 * Returns the things that a query selects. The now of the wall timeline is the position of insight. A late insight therefore counts no
 * promise as missed whose delivery it has not read. Another timeline has its mark as now.
 */
export async function selectionOf(
  tx: Tx,
  indicator: IndicatorName,
  reader: ReportReader,
  query: SelectingQuery,
): Promise<ReadSelection | Refusal> {
  const allowed = dimensionsFor(indicator, reader);
  if (allowed === undefined) return refusal("not_found", "Vendors have no report of this name.");
  const filters: Partial<Record<ReportDimension, string>> = {};
  for (const name of reportDimension.options) {
    const value = query[name];
    if (value === undefined) continue;
    if (!allowed.includes(name)) return refuseQuery(name, `is no dimension of ${indicator}`);
    filters[name] = value;
  }
  const { position, ...time } = await timeOf(tx, query);
  return { position, selection: { indicator, ...reader, ...time, filters } };
}

/** Returns the timeline, the time and the now of a query, and the position of insight. */
export async function timeOf(tx: Tx, { timeline, from, to }: Pick<SelectingQuery, "timeline" | "from" | "to">) {
  const position = await readPosition(tx);
  const present = timeline === wall ? position.readUntil : await findMark(tx, timeline);
  return {
    position,
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
