import type { LineRef } from "@crossline/contracts";
import { type Line, builtinLine, closedCalendars, compileLine } from "@crossline/domain";
import { now } from "@crossline/postgres";
import { type Lines, createLines as createLinesOf } from "./lines.ts";

/** Lines in the domain's compiled form, with the built-in line. */
export type CompiledLines = Lines<Line>;

/**
 * Returns compiled lines. For each loaded line with calendars, calls `onClosed` with the names of the calendars that
 * have no open hours in the future. A clock with such a calendar counts all hours, and an operator must correct the
 * calendar.
 */
export function createLines(onClosed?: (line: LineRef, calendars: readonly string[]) => void): CompiledLines {
  return createLinesOf<Line>({
    builtin: { ref: builtinLine.ref, line: builtinLine },
    compile: async ({ line: ref, document, calendars }, tx) => {
      const line = compileLine(ref, document, calendars);
      if (onClosed !== undefined && calendars !== undefined) onClosed(ref, closedCalendars(line, await now(tx)));
      return line;
    },
  });
}
