import type { Report } from "@crossline/contracts";
import { createClient } from "../client.ts";
import { readCompanyKey } from "../company-key.ts";
import { CommandFault } from "../fault.ts";
import { explainFaults } from "../internal-clients.ts";
import { print, printTable } from "../print.ts";
import { findRunning } from "../running.ts";

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
  const url = options.url ?? (await findRunning(options.port)).url;
  const key = readCompanyKey();
  const client = createClient(url, key);
  if (indicator === undefined) {
    const { items } = await explainFaults(client.get<Indicators>("/v1/reports"));
    if (options.json === true) print(JSON.stringify(items, undefined, 2));
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
  const report = await explainFaults(client.get<Report>(path));
  if (options.json === true) print(JSON.stringify(report, undefined, 2));
  else printReport(report);
  return 0;
}

function queryOf({ by, period, zone, from, to, filter = [], timeline, party }: ReportOptions): string {
  const query = new URLSearchParams({ zone, timeline });
  for (const [name, value] of Object.entries({ by, period, from, to, party }))
    if (value !== undefined) query.set(name, value);
  for (const one of filter) {
    const [name = "", ...value] = one.split("=");
    if (value.length === 0) throw new CommandFault(`The filter ${one} has no value: write it like os=PocketOS.`);
    query.set(name, value.join("="));
  }
  return query.toString();
}

async function readCsv(address: URL, key: string): Promise<string> {
  const response = await fetch(address, { headers: { authorization: `Bearer ${key}` } });
  const text = await response.text();
  if (response.ok) return text;
  throw new CommandFault((JSON.parse(text) as { detail?: string }).detail ?? `The status is ${response.status}.`);
}

function printReport({ indicator, unit, asOf, items, omitted }: Report): void {
  const [first] = items;
  if (first === undefined) print(`${indicator}: there is nothing to count.`);
  else {
    const head = Object.fromEntries([...Object.keys(first.group), "value", "count"].map((name) => [name, name]));
    const rows = items.map(({ group, value, count }) => ({
      ...Object.fromEntries(Object.entries(group).map(([name, text]) => [name, text ?? "–"])),
      value: formatValue(value, unit),
      count,
    }));
    printTable([head, ...rows]);
  }
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
      return formatDuration(value);
  }
}

function formatDuration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1_000);
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const from = parts.findIndex(([count]) => count > 0);
  const shown = from === -1 ? parts.slice(3) : parts.slice(from, from + 2);
  return `${ms < 0 ? "−" : ""}${shown.map(([count, unit]) => `${count} ${unit}`).join(" ")}`;
}
