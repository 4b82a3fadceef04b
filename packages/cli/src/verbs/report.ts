import type { Report } from "@crossline/contracts";
import { ResponseFault, createClient, parseProblem } from "../client.ts";
import { findAddress, readCompanyKey } from "../connection.ts";
import { UsageFault } from "../fault.ts";
import { print, printJson, printRows } from "../print.ts";
import { formatSpan } from "../span.ts";

export type ReportOptions = {
  readonly by?: string;
  readonly period?: string;
  readonly zone: string;
  readonly from?: string;
  readonly to?: string;
  readonly filter?: readonly string[];
  readonly timeline: string;
  readonly party?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly url?: string;
  readonly port?: number;
};

type Indicators = {
  readonly items: readonly {
    readonly indicator: string;
    readonly definition: string;
    readonly dimensions: readonly string[];
  }[];
};

/**
 * Runs `report [INDICATOR]`. The verb prints a table for people, or the response as JSON or CSV. Without an indicator, it lists the
 * indicators.
 */
export async function showReport(indicator: string | undefined, options: ReportOptions): Promise<number> {
  const url = await findAddress(options);
  const key = readCompanyKey();
  const client = createClient(url, key);
  if (indicator === undefined) {
    const { items } = await client.get<Indicators>("/v1/reports");
    if (options.json === true) printJson(items);
    else
      for (const { indicator: name, definition, dimensions } of items)
        print(`${name}\n  ${definition}\n  Dimensions: ${dimensions.join(", ")}\n`);
    return 0;
  }
  const path = `/v1/reports/${indicator}?${queryOf(options)}`;
  if (options.csv === true) {
    process.stdout.write(await readCsv(new URL(`${path}&format=csv`, url), key));
    return 0;
  }
  const report = await client.get<Report>(path);
  if (options.json === true) printJson(report);
  else printReport(report);
  return 0;
}

function queryOf({ by, period, zone, from, to, filter = [], timeline, party }: ReportOptions): string {
  const query = new URLSearchParams({ zone, timeline });
  for (const [name, value] of Object.entries({ by, period, from, to, party }))
    if (value !== undefined) query.set(name, value);
  for (const one of filter) {
    const [name = "", ...value] = one.split("=");
    if (value.length === 0) throw new UsageFault(`The filter ${one} has no value: write it like os=PocketOS.`);
    query.set(name, value.join("="));
  }
  return query.toString();
}

async function readCsv(address: URL, key: string): Promise<string> {
  const response = await fetch(address, { headers: { authorization: `Bearer ${key}` } });
  const text = await response.text();
  if (response.ok) return text;
  throw new ResponseFault(`GET ${address.pathname}`, response, parseProblem(text));
}

function printReport({ indicator, unit, asOf, items, omitted }: Report): void {
  const rows = items.map(({ group, value, count }) => ({
    ...Object.fromEntries(Object.entries(group).map(([name, text]) => [name, text ?? "–"])),
    value: formatValue(value, unit),
    count,
  }));
  printRows(rows, `${indicator}: there is nothing to count.`);
  if (omitted > 0) print(`\n${omitted} more groups, which have smaller counts`);
  print(
    asOf.state === "current"
      ? `\nUp to ${asOf.readUntil}`
      : "\nInsight still reads the topics, so the report is incomplete.",
  );
}

/** Returns a value for people: `62.5 %`, `1.25`, `3` or `1 h 5 min`. */
export function formatValue(value: number | null, unit: Report["unit"]): string {
  if (value === null) return "–";
  switch (unit) {
    case "share":
      return `${(100 * value).toFixed(1)} %`;
    case "mean":
      return value.toFixed(2);
    case "count":
      return String(value);
    case "milliseconds":
      return formatSpan(value);
  }
}
