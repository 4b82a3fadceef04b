import { type Instant, formatInstant } from "@crossline/contracts";
import { compareDuty, lintRoster } from "@crossline/domain";
import { printTable, print } from "../print.ts";
import { readText, readDocument, toLine } from "../document-file.ts";

const dayMs = 86_400_000;

export type RosterOptions = { readonly at?: Instant; readonly days: number };

/**
 * Runs `roster check FILE [--at INSTANT] [--days N]`. If the roster can be published, the verb prints its warnings and
 * the persons on duty from the instant on, and returns 0. If the roster cannot be published, the verb prints each fault
 * with its row and column and returns 1.
 */
export async function checkRoster(file: string, { at = Date.now(), days }: RosterOptions): Promise<number> {
  const reading = readDocument(readText(file));
  if (!reading.ok) {
    print(toLine(file, reading.fault));
    return 1;
  }
  const linted = lintRoster(reading.value, at);
  if (!linted.ok) {
    for (const fault of linted.faults) print(toLine(file, reading.place(fault)));
    return 1;
  }
  print(`${file}: a roster without faults`);
  for (const { at: place, message } of linted.warnings)
    print(toLine(file, reading.place({ at: place, message: `warning: ${message}` })));
  const published = { roster: linted.document };
  const { spans } = compareDuty(published, published, { from: at, to: at + days * dayMs });
  const rows = spans.map(({ from, to, after }) => ({
    from: formatInstant(from),
    to: formatInstant(to),
    ...Object.fromEntries(Object.entries(after).map(([layer, person]) => [layer, person ?? "–"])),
  }));
  const layers = Object.fromEntries(Object.keys(spans[0]?.after ?? {}).map((layer) => [layer, layer]));
  printTable([{ from: "from", to: "to", ...layers }, ...rows]);
  return 0;
}
