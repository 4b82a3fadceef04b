import { env } from "node:process";
import type { CalendarDocument } from "@crossline/contracts";
import { addOpen, compileCalendar } from "@crossline/domain";
import { isOpenAt, openBetween, subtractOpen } from "../../src/calendar/calendar.ts";
import { describe, expect, test } from "vitest";
import { minute } from "./given.ts";
import { walk } from "./walker.ts";

const [first, last] = [Date.UTC(2005, 0, 1), Date.UTC(2036, 0, 1)];
const around = 6 * 60 * minute;

/**
 * Intervals that begin and end near the times at which zones usually change their offsets. `even` and `odd` are the intervals
 * of alternating weekdays.
 */
const even = ["00:00-00:40", "00:50-01:30", "01:30-01:40", "01:50-02:20", "02:25-03:05", "03:10-05:00", "06:00-24:00"];
const odd = ["00:10-02:00", "02:10-02:15", "02:30-04:00", "04:45-12:00", "12:00-22:30", "23:15-24:00"];
const week = { mon: even, tue: odd, wed: even, thu: odd, fri: even, sat: odd, sun: even };

type Transition = { readonly zone: string; readonly at: number; readonly rule: string };

function transitionsOf(zone: string): Transition[] {
  const transitions: Transition[] = [];
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(first).toZonedDateTimeISO(zone);
  for (;;) {
    const before: string = at.offset;
    at = at.getTimeZoneTransition("next");
    if (at === null || at.epochMilliseconds >= last) return transitions;
    transitions.push({ zone, at: at.epochMilliseconds, rule: `${at.epochMilliseconds} ${before} ${at.offset}` });
  }
}

const all = Intl.supportedValuesOf("timeZone").flatMap(transitionsOf);
const distinct = [...new Map(all.toReversed().map((each) => [each.rule, each])).values()];
// The nightly run sets `CROSSLINE_ALL_ZONES=1` and tests every zone. Any other run tests a transition that several zones share
// in only one of these zones.
const walked = env["CROSSLINE_ALL_ZONES"] === "1" ? all : distinct;
const byYear = Map.groupBy(walked, ({ at }) => new Date(at).getUTCFullYear());

/** Describes the first minute in which the calendar and the walk differ. */
function difference({ zone, at }: Transition): string | undefined {
  const document: CalendarDocument = { calendar: "walked", zone, week };
  const calendar = compileCalendar({ party: "northtel", name: "walked", version: 1 }, document);
  const [from, to] = [at - around, at + around];
  let open = 0;
  for (const [index, isOpen] of walk(document, from, to).entries()) {
    const now = from + index * minute;
    const where = `${zone} ${new Date(now).toISOString()}`;
    if (isOpenAt(calendar, now) !== isOpen) return `${where}: ${isOpen ? "open" : "closed"} by the walker`;
    if (openBetween(calendar, from, now) !== open)
      return `${where}: ${open / minute} minutes open until then by the walker`;
    if (!isOpen) continue;
    if (addOpen(calendar, from, open + 1) !== now + 1) return `${where}: not what adding leads to`;
    if (subtractOpen(calendar, now + minute, minute) !== now) return `${where}: not what subtracting leads to`;
    open += minute;
  }
  return undefined;
}

describe("the calendar and a walk through each minute agree, from six hours before to six hours after every transition", () => {
  test.each([...byYear.keys()].toSorted((a, b) => a - b))("of %i", { timeout: 60_000 }, (year) => {
    const differences = (byYear.get(year) ?? []).map(difference).filter((each) => each !== undefined);
    expect(differences).toEqual([]);
  });

  test("the test covers every transition of every zone, including the half-hour transitions of Lord Howe Island", () => {
    const rules = new Set(walked.map(({ rule }) => rule));
    expect(all.filter(({ rule }) => !rules.has(rule))).toEqual([]);
    expect(byYear.size).toBe(31);
    expect(walked.filter(({ zone }) => zone === "Australia/Lord_Howe").length).toBeGreaterThan(60);
  });
});
