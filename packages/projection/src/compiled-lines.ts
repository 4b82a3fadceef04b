import type { LineRef } from "@crossline/contracts";
import { type Line, builtinLine, closedCalendars, compileLine } from "@crossline/domain";
import { now } from "@crossline/postgres";
import { type Lines, createLines as createLinesOf } from "./lines.ts";

/** Lines as the domain compiles them, with the built-in line. */
export type CompiledLines = Lines<Line>;

/**
 * `onClosed` is called for each line that is read and pins calendars, with the names of those that have no opening hours ahead: a
 * clock in such hours runs around the clock, and an operator has to correct the calendar.
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
