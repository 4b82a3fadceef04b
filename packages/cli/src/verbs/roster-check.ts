import type { Instant } from "@crossline/contracts";
import { lintRoster } from "@crossline/domain";
import { print, printRows } from "../print.ts";
import { dutyOf, dutyRows } from "../roster/duty.ts";
import { readText, readDocument, toLine } from "../document-file.ts";

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
  printRows(dutyRows(dutyOf(linted.document, at, days)));
  return 0;
}
