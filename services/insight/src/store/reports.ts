import type { IndicatorName, Instant, ReportDimension } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import { itemsOf } from "./report-items.ts";

/** The things that a report counts. */
export type Selection = {
  readonly indicator: IndicatorName;
  readonly timeline: string;
  readonly party: string;
  /** True for a vendor, which reads its own hand-offs and promises only. */
  readonly isVendor: boolean;
  readonly from: Instant;
  /** The end, which is not part of the time. */
  readonly to: Instant;
  /** The now of the timeline, which decides which promises are overdue and which cases are settled. */
  readonly now: Instant;
  readonly filters: Readonly<Partial<Record<ReportDimension, string>>>;
};

/** The groups of a report. */
export type Grouping = {
  readonly by: readonly ReportDimension[];
  readonly period: "day" | "week" | "month" | "quarter" | undefined;
  readonly zone: string;
};

/** One row of a report: a group with the numbers from which its value follows. A dimension outside the grouping is null. */
export type ReportRow = Readonly<Record<ReportDimension, string | null>> & {
  /** The first day of the period in the zone, such as `2026-11-30`. */
  readonly period: string | null;
  readonly count: number;
  readonly cases: number;
  readonly sum: number | null;
  readonly known: number;
  readonly median: number | null;
  readonly otherMedian: number | null;
};

/** The number of rows that follow after the last row, too. */
export type ReportRows = { readonly rows: readonly ReportRow[]; readonly omitted: number };

const dimensions: readonly (readonly [ReportDimension, column: string])[] = [
  ["os", "os"],
  ["osVersion", "os_version"],
  ["model", "model"],
  ["symptom", "symptom"],
  ["channel", "channel"],
  ["kind", "kind"],
  ["line", "line"],
  ["pool", "pool"],
  ["queue", "queue"],
  ["company", "company"],
  ["code", "code"],
];

/** Systems differ in the case of letters only by chance. A line without a version means all its versions. */
const conditions: Readonly<Partial<Record<ReportDimension, (value: string) => string>>> = {
  os: (value) => `lower(os) = lower(${value})`,
  line: (value) => `(line = ${value} or split_part(line, '@', 1) = ${value})`,
};

/** The selected things. The filters are the parameters from $8 on, in the order of the dimensions. */
export function selectedItems(indicator: IndicatorName): string {
  const filters = dimensions.map(([name, column], index) => {
    const value = `$${index + 8}::text`;
    return `(${value} is null or ${conditions[name]?.(value) ?? `${column} = ${value}`})`;
  });
  // The first part gives each parameter its type, because no indicator needs all of them. A report uses a value several times, so
  // PostgreSQL must calculate each value once before it counts.
  return `
      with parameter as (
        select $1::text, $2::text, $3::boolean, $4::timestamptz, $5::timestamptz, $6::timestamptz, $7::boolean
      ), item as (${itemsOf[indicator]}
      ), selected as materialized (
        select * from item where ${filters.join(" and ")}
      )`;
}

export function selectionValues(selection: Selection, by: readonly ReportDimension[]): unknown[] {
  const { timeline, party, isVendor, from, to, now, filters } = selection;
  const namesPool = by.includes("pool") || filters.pool !== undefined;
  const instants = [toSql(from), toSql(to), toSql(now)];
  return [timeline, party, isVendor, ...instants, namesPool, ...dimensions.map(([name]) => filters[name] ?? null)];
}

/** The number of the first parameter after those of `selectionValues`. */
export const firstFree = dimensions.length + 8;

/** Counts the selected things by group, the largest group first. `max` limits the rows. */
export async function countGroups(
  tx: Tx,
  selection: Selection,
  { by, period, zone }: Grouping,
  max: number,
): Promise<ReportRows> {
  const keys = dimensions.map(
    ([name, column]) => `case when '${name}' = any($${firstFree}::text[]) then ${column} end as "${name}"`,
  );
  // Each of these values needs another sort of all things, and one indicator uses it.
  const cases = selection.indicator === "returns-by-code" ? "count(distinct case_id)" : "0";
  const otherMedian =
    selection.indicator === "cure-time-gap" ? "percentile_cont(0.5) within group (order by other)" : "null::float8";
  const rows = await tx.query<ReportRow & { groups: number }>({
    text: `
      -- insight.count-groups
      ${selectedItems(selection.indicator)}
      select ${keys.join(", ")},
        case when $${firstFree + 1}::text is not null
          then date_trunc($${firstFree + 1}::text, at at time zone $${firstFree + 2}::text)::date::text end as period,
        count(*)::integer as count, ${cases}::integer as cases, sum(value) as sum,
        count(value)::integer as known, percentile_cont(0.5) within group (order by value) as median,
        ${otherMedian} as "otherMedian", (count(*) over ())::integer as groups
      from selected group by ${keys.map((_, index) => index + 1).join(", ")}, ${keys.length + 1}
      order by count desc, ${keys.map((_, index) => index + 1).join(", ")}, ${keys.length + 1} limit $${firstFree + 3}`,
    values: [...selectionValues(selection, by), by, period ?? null, zone, max],
  });
  return { rows, omitted: (rows[0]?.groups ?? 0) - rows.length };
}

/** One counted thing. */
export type ReportItem = {
  readonly caseId: string;
  readonly id: string;
  readonly at: Instant;
  readonly value: number | null;
  readonly other: number | null;
};

/** The place after which a result page begins. */
export type ItemPlace = { readonly at: Instant; readonly id: string; readonly caseId: string };

/** Lists the selected things, the latest first. */
export function listItems(
  tx: Tx,
  selection: Selection,
  after: ItemPlace | undefined,
  limit: number,
): Promise<ReportItem[]> {
  return tx.query({
    text: `
      -- insight.list-items
      ${selectedItems(selection.indicator)}
      select case_id as "caseId", id, at, value, other from selected
      where $${firstFree + 1}::text is null
        or (at, id, case_id) < ($${firstFree}::timestamptz, $${firstFree + 1}::text, $${firstFree + 2}::text)
      order by at desc, id desc, case_id desc limit $${firstFree + 3}`,
    values: [
      ...selectionValues(selection, []),
      after === undefined ? null : toSql(after.at),
      after?.id ?? null,
      after?.caseId ?? null,
      limit,
    ],
  });
}
