import { type PinnedCalendar, lineDocument } from "@crossline/contracts";
import { addOpen, allHours, calendarFor, calendarOf, calendarsIn, compileLine, hoursIn } from "@crossline/domain";
import { expect, test } from "vitest";
import { at, care, hour } from "./given.ts";

const pin = (name: string, version: number, more: object = {}): PinnedCalendar => ({
  ref: { party: "northtel", name, version },
  document: { ...care, calendar: name, ...more },
});
const calendars = { care: pin("care", 3), "orchard/desk": pin("desk", 1, { week: { mon: ["08:00-10:00"] } }) };

test("a line uses the hours and the version of its pinned calendar", () => {
  expect(calendarFor("24x7", {})).toBe(allHours);
  expect(calendarFor("care", calendars)).toMatchObject({ name: "northtel/care", version: 3 });
  expect(calendarFor("care", calendars)).toBe(calendarFor("care", calendars));
  const both = calendarFor(["care", "orchard/desk"], calendars);
  expect(addOpen(both, at("2006-10-12T12:00"), hour)).toBe(at("2006-10-16T10:00"));
});

test("a line that uses a calendar without pinning it causes an error, and the calendar does not count as 24x7", () => {
  expect(() => calendarFor("unheard-of", calendars)).toThrow(/unheard-of is not pinned/);
  expect(() => calendarFor("toString", calendars)).toThrow(/not pinned/);
});

const document = lineDocument.parse({
  line: "phones",
  calendar: "care",
  clocks: [
    { kind: "stall.busy", target: "PT20M" },
    { kind: "joint", target: "PT2H", calendar: ["care", "orchard/desk"] },
    { kind: "last-resort", target: "PT2H", calendar: "24x7" },
  ],
  crossing: [{ to: "queue:orchard.handheld", hours: "orchard/desk" }],
  needBy: { cure: "PT24H", hours: "orchard/desk" },
});

test("the calendars of a line are listed with their places in the line", () => {
  expect(hoursIn(document).map((each) => each.at)).toEqual([
    "/calendar",
    "/clocks/1/calendar",
    "/clocks/2/calendar",
    "/crossing/0/hours",
    "/needBy/hours",
  ]);
  expect(calendarsIn(document)).toEqual(["care", "orchard/desk"]);
});

test("a compiled line has a compiled calendar wherever the document names a calendar", () => {
  const line = compileLine({ carrier: "northtel", name: "phones", version: 1 }, document, calendars);
  expect(calendarOf(line, { name: "stall.busy", kind: "stall.busy" }).refs).toEqual([calendars.care.ref]);
  expect(calendarOf(line, { name: "joint", kind: "joint" }).refs).toHaveLength(2);
  expect(line.crossing[0]?.hours.refs).toEqual([calendars["orchard/desk"].ref]);
  expect(line.needBy?.hours.refs).toEqual([calendars["orchard/desk"].ref]);
});
