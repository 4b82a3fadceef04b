import { presentPosition } from "@crossline/chassis";
import {
  type BeforeAfter,
  type BeforeAfterQuery,
  type IndicatorName,
  type Refusal,
  isRefusal,
  parseInstant,
  refusal,
} from "@crossline/contracts";
import { type Comparison, type Sample, type Side, compare, confidence, indicators } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type Boundary, type SampleRow, readSamples } from "../store/samples.ts";
import { type ReportReader, dimensionsFor, refuseQuery, selectionOf } from "./select.ts";

/** The largest number of different values in one comparison. */
const rowsMax = 400_000;

/** Compares an indicator before and after an instant, or under earlier and later versions of a line. */
export async function compareSides(
  tx: Database,
  indicator: IndicatorName,
  reader: ReportReader,
  query: BeforeAfterQuery,
): Promise<BeforeAfter | Refusal> {
  const selected = await selectionOf(tx, indicator, reader, query);
  if (isRefusal(selected)) return selected;
  const { unit, always } = indicators[indicator];
  if (unit === "count") return refusal("not_found", "A number of returns has no comparison before and after a date.");
  if (always === "company" && query.company === undefined)
    return refuseQuery("company", "is missing: name the holder whose time is compared");
  const boundary = boundaryOf(query, dimensionsFor(indicator, reader)?.includes("line") === true);
  if (isRefusal(boundary)) return boundary;
  const rows = await readSamples(tx, selected, boundary, rowsMax + 1);
  if (rows.length > rowsMax) return refuseQuery("from", "is too early: the time has too many cases for one comparison");
  const side = (isAfter: boolean): Sample =>
    sampleOf(
      indicator,
      rows.filter((row) => row.isAfter === isAfter),
    );
  const compared = compare(side(false), side(true));
  return {
    indicator,
    party: reader.party,
    timeline: query.timeline,
    asOf: presentPosition(reader.position),
    unit,
    before: present(compared.before),
    after: present(compared.after),
    result: presentResult(compared),
  };
}

function boundaryOf({ date, version, line }: BeforeAfterQuery, hasLine: boolean): Boundary | Refusal {
  if ((date === undefined) === (version === undefined))
    return refuseQuery("date", "or version must be there, not both");
  if (date !== undefined) return { date: parseInstant(date) };
  if (!hasLine || line === undefined || line.includes("@"))
    return refuseQuery("line", "must name the line of the version, without a version");
  return { version: version ?? 0 };
}

function sampleOf(indicator: IndicatorName, rows: readonly SampleRow[]): Sample {
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  const each = <T>(value: (row: SampleRow) => T): T[] =>
    rows.flatMap((row) => Array.from({ length: row.count }, () => value(row)));
  switch (indicators[indicator].unit) {
    case "share":
      return { measure: "share", hits: rows.reduce((sum, row) => sum + row.value * row.count, 0), cases: count };
    case "mean":
      return { measure: "mean", counts: new Map(rows.map((row) => [row.value, row.count])) };
    default:
      if (indicator === "cure-time-gap") return { measure: "gap", pairs: each((row) => [row.value, row.other ?? 0]) };
      return { measure: "median", values: each(({ value }) => value) };
  }
}

function present({ cases, value }: Side): BeforeAfter["before"] {
  return { value: value ?? null, count: cases };
}

function presentResult(compared: Comparison): BeforeAfter["result"] {
  if (!compared.enough) return { state: "not-enough-cases", smallest: compared.smallest };
  const { difference, low, high } = compared;
  return { state: "compared", difference, low, high, confidence };
}
