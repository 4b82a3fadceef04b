import type { DeadlineResultPageRequest, DeadlineCursor } from "@crossline/contracts";
import { type CaseClocks, type CaseReading, openReading, accessOf } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import { type StoredRow, caseColumns, fromStored, lineOf } from "./case-clocks.ts";
import type { Lines } from "./lines.ts";

type CaseWithReading = StoredRow & { readonly reading: CaseReading | null };
type BreachRow = CaseWithReading & { readonly breachAt: number };

/** Returns the given cases whose current state the company may read. */
export async function readOwnCases(
  tx: Tx,
  lines: Lines,
  party: string,
  caseIds: readonly string[],
): Promise<CaseClocks[]> {
  const rows = await tx.query<CaseWithReading>({
    name: "timer.read-own-cases",
    text: `
      -- timer.read-own-cases
      select ${caseColumns}, sights->'reading' as reading from case_clock where case_id = any($1::text[])`,
    values: [caseIds],
  });
  const own = rows.filter((row) => isOwn(row, party));
  await lines.load(tx, own.map(lineOf));
  return own.map((row) => fromStored(row, lines).state);
}

/**
 * A case in a list that is sorted by the next breach. `state` is absent if the company may not read the current state of the case.
 */
type PlacedCase = { readonly place: DeadlineCursor; readonly state: CaseClocks | undefined };

/** Returns a result page of a company's cases with a next breach, the earliest breach first. */
export async function pageByBreach(tx: Tx, lines: Lines, request: DeadlineResultPageRequest): Promise<PlacedCase[]> {
  const { party, kind } = request;
  const rows = kind === "carrier" ? await pageOfCarrier(tx, request) : await pageOfVendor(tx, request);
  const own = new Set(rows.filter((row) => isOwn(row, party)));
  await lines.load(tx, [...own].map(lineOf));
  return rows.map((row) => ({
    place: { at: row.breachAt, caseId: row.caseId },
    state: own.has(row) ? fromStored(row, lines).state : undefined,
  }));
}

/** Returns a result page of a carrier's cases. The query reads only the due index, which contains no ended case. */
function pageOfCarrier(tx: Tx, { party, timeline, after, limit }: DeadlineResultPageRequest): Promise<BreachRow[]> {
  return tx.query({
    name: "timer.page-deadlines-of-carrier",
    text: `
      -- timer.page-deadlines-of-carrier
      select ${caseColumns}, breach_at as "breachAt", sights->'reading' as reading
      from case_clock
      where timeline = $1 and carrier = $2 and due_at is not null and (breach_at, case_id) > ($3::timestamptz, $4)
      order by breach_at, case_id limit $5`,
    values: [timeline, party, ...valuesOf(after), limit],
  });
}

function pageOfVendor(tx: Tx, { party, timeline, after, limit }: DeadlineResultPageRequest): Promise<BreachRow[]> {
  return tx.query({
    name: "timer.page-deadlines-of-vendor",
    text: `
      -- timer.page-deadlines-of-vendor
      select ${caseColumns}, breach_at as "breachAt", sights->'reading' as reading
      from case_party join case_clock using (case_id)
      where party = $2 and as_of is null and timeline = $1 and (breach_at, case_id) > ($3::timestamptz, $4)
      order by breach_at, case_id limit $5`,
    values: [timeline, party, ...valuesOf(after), limit],
  });
}

function valuesOf(after: DeadlineCursor | undefined): readonly [string, string] {
  return [toSql(after?.at ?? -Infinity), after?.caseId ?? ""];
}

function isOwn({ carrier, reading }: CaseWithReading, party: string): boolean {
  return accessOf(reading ?? openReading(carrier), party) === "whole";
}
