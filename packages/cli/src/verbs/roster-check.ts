import { type Instant, formatInstant } from "@crossline/contracts";
import { compareDuty, lintRoster } from "@crossline/domain";
import { printTable, tell } from "../print.ts";
import { readText, readDocument, toLine } from "../document-file.ts";

const dayMs = 86_400_000;

export type RosterOptions = { readonly at?: Instant; readonly days: number };

/**
 * `roster check FILE [--at INSTANT] [--days N]`: 0 where the roster could be published, with its warnings and who is on duty from
 * the instant on; 1 where it could not, with each fault at its line and column.
 */
export async function checkRoster(file: string, { at = Date.now(), days }: RosterOptions): Promise<number> {
  const reading = readDocument(readText(file));
  if (!reading.ok) {
    tell(toLine(file, reading.fault));
    return 1;
  }
  const linted = lintRoster(reading.value, at);
  if (!linted.ok) {
    for (const fault of linted.faults) tell(toLine(file, reading.place(fault)));
    return 1;
  }
  tell(`${file}: a roster without faults`);
  for (const { at: place, message } of linted.warnings)
    tell(toLine(file, reading.place({ at: place, message: `warning: ${message}` })));
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
