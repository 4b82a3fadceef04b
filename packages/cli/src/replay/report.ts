import { print, printTable } from "../print.ts";
import type { SeparateCounts } from "./separate-counts.ts";
import type { Count, Crossings } from "./crossings.ts";
import type { Tally } from "./tally.ts";
import type { AuditorsVerdict } from "./verdict.ts";

type ReplayReport = {
  readonly tally: Tally;
  readonly auditor: AuditorsVerdict;
  readonly seconds: number;
  readonly broker: string;
  readonly json: boolean;
  readonly crossings?: Crossings;
  readonly apart: SeparateCounts;
  /** A sentence for each assumption about the log or the line, and for each omitted part. */
  readonly notes: readonly string[];
};

/** Prints the counts, and with `json` also prints them as one row of JSON. Returns the exit code. */
export function report({ tally, auditor, seconds, broker, json, crossings, apart, notes }: ReplayReport): number {
  const { cases, rows: events, firings, fired, lost, doubled, redelivered, unexpected } = tally;
  const rounded = Math.round(seconds * 100) / 100;
  const eventsPerSecond = Math.round(events / seconds);
  if (crossings !== undefined) printCrossings(crossings);
  printPairs([
    ["cases", cases],
    ["events", events],
    ...Object.entries(firings).map(([name, count]) => [`firings of ${name}`, count]),
    ["firings and warnings of all clocks", fired],
    ["lost", lost],
    ["doubled", doubled],
    ["redelivered", redelivered],
    ["not expected", unexpected],
    ["firings that the auditor expected", auditor.audited],
    ["findings of the auditor", auditor.findings],
    ["the auditor agrees", auditor.agrees ? "yes" : "NO"],
    ["seconds", rounded],
    ["events per second", eventsPerSecond],
    ["broker", broker],
  ]);
  printApart(apart, notes, crossings !== undefined);
  const counts = { cases, events, firings, fired, lost, doubled, redelivered, unexpected, auditor };
  if (json) print(JSON.stringify({ ...counts, seconds: rounded, eventsPerSecond, broker, crossings, apart, notes }));
  return lost === 0 && doubled === 0 && unexpected === 0 && auditor.agrees ? 0 : 1;
}

function printCrossings({ cases, crossed, byClock, byDay, byHolder, halfAfterMs, mostAfterMs }: Crossings): void {
  const share = Math.round((crossed / cases) * 1_000) / 10;
  print(`\n${crossed} of ${cases} cases would have crossed (${share} %)`);
  if (halfAfterMs === undefined || mostAfterMs === undefined) return;
  print(`half of them within ${hours(halfAfterMs)} of their first row, nine of ten within ${hours(mostAfterMs)}`);
  printTable([{ of: "first crossed by clock", cases: "cases" }, ...byClock.map(row)]);
  printTable([{ of: "by holder at that time", cases: "cases" }, ...byHolder.map(row)]);
  const clocks = byClock.map(({ of }) => of);
  const head = { of: "by day (UTC)", cases: "cases", ...Object.fromEntries(clocks.map((name) => [name, name])) };
  const ofDay = (day: Crossings["byDay"][number]) => ({
    ...row(day),
    ...Object.fromEntries(clocks.map((name) => [name, day.clocks[name] ?? 0])),
  });
  printTable([head, ...byDay.map(ofDay)]);
}

function printApart(
  { rowsAfterClosing, casesAfterClosing, breaches, crossings }: SeparateCounts,
  notes: readonly string[],
  showsCrossings: boolean,
): void {
  print("\nThe counts above contain these doubtful parts:");
  printPairs([
    ["rows that reopen a closed case without the state reopened", `${rowsAfterClosing}, in ${casesAfterClosing} cases`],
    ["breaches due after a row that reopens a closed case", breaches.afterClosing],
    ["breaches due later than the log's last row", breaches.afterLogsEnd],
    ...(showsCrossings
      ? [
          ["cases that would first have crossed after a row that reopens a closed case", crossings.afterClosing],
          ["cases that would first have crossed later than the log's last row", crossings.afterLogsEnd],
        ]
      : []),
  ]);
  if (notes.length > 0) print("\nAssumptions and omissions:");
  for (const note of notes) print(`  ${note}`);
}

function printPairs(pairs: readonly (readonly (string | number)[])[]): void {
  printTable(pairs.map(([what, value]) => ({ what: String(what), value: String(value) })));
}

function row({ of, cases }: Count): { readonly of: string; readonly cases: number } {
  return { of, cases };
}

function hours(ms: number): string {
  return `${Math.round(ms / 360_000) / 10} h`;
}
