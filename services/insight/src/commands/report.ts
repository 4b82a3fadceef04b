import { presentPosition } from "@crossline/chassis";
import { type Refusal, type Report, type ReportQuery, isRefusal } from "@crossline/contracts";
import { type Indicator, indicators } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import type { IndicatorName } from "@crossline/contracts";
import { type ReportRow, countGroups } from "../store/reports.ts";
import { type ReportReader, dimensionsFor, refuseQuery, selectionOf } from "./select.ts";

const rowsMax = 1_000;

/** Returns a report: the value of an indicator for each group, the largest group first. */
export async function createReport(
  tx: Database,
  indicator: IndicatorName,
  reader: ReportReader,
  query: ReportQuery,
): Promise<Report | Refusal> {
  const selected = await selectionOf(tx, indicator, reader, query);
  if (isRefusal(selected)) return selected;
  const { always, unit } = indicators[indicator];
  const unknown = query.by.find((name) => dimensionsFor(indicator, reader)?.includes(name) !== true);
  if (unknown !== undefined) return refuseQuery("by", `names ${unknown}, which is no dimension of ${indicator}`);
  const by = [...new Set([...query.by, ...(always === undefined ? [] : [always])])];
  const { period, zone } = query;
  const { rows, omitted } = await countGroups(tx, selected, { by, period, zone }, rowsMax);
  const names = [...by, ...(period === undefined ? [] : (["period"] as const))];
  return {
    indicator,
    party: reader.party,
    timeline: query.timeline,
    unit,
    asOf: presentPosition(reader.position),
    items: rows.map((row) => ({
      group: Object.fromEntries(names.map((name) => [name, row[name]])),
      value: valueOf(indicator, row),
      count: row.count,
      parts: partsOf(indicators[indicator], indicator, row),
    })),
    omitted,
  };
}

function valueOf(indicator: IndicatorName, { median, otherMedian, sum, count }: ReportRow): number | null {
  switch (indicators[indicator].unit) {
    case "count":
      return count;
    case "share":
    case "mean":
      return sum === null ? null : sum / count;
    case "milliseconds":
      if (indicator !== "cure-time-gap") return median;
      return median === null || otherMedian === null ? null : median - otherMedian;
  }
}

/** The first part is a number of hits, or a time. The second part is the number of counted things, or a time. */
function partsOf({ parts: [first, second] }: Indicator, indicator: IndicatorName, row: ReportRow) {
  switch (indicator) {
    case "cure-time-gap":
      return { [first]: row.median, [second]: row.otherMedian };
    case "time-to-accept":
    case "time-to-claim":
      return { [first]: row.known, [second]: row.count };
    case "returns-by-code":
      return { [first]: row.count, [second]: row.cases };
    default:
      return { [first]: row.sum, [second]: row.count };
  }
}
