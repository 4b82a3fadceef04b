import { addOpen, planNeedBy } from "@crossline/domain";
import { isOpenAt, openBetween, subtractOpen } from "../../src/calendar/calendar.ts";
import { describe, expect, test } from "vitest";
import { at, compiled, hour, minute } from "./given.ts";

const always = ["00:00-24:00"];
const nights = { mon: always, tue: always, wed: always, thu: always, fri: always, sat: always };

describe("in 2006 daylight saving time ended in Toronto on 29 October", () => {
  test("29 October has 25 hours, and 5 November, on which the rules since 2007 would end daylight saving time, has 24 hours", () => {
    const calendar = compiled({ week: { ...nights, sun: always }, exceptions: [] });
    const hoursOf = (date: string, next: string): number =>
      openBetween(calendar, at(`${date}T00:00`), at(`${next}T00:00`)) / hour;
    expect(hoursOf("2006-10-29", "2006-10-30")).toBe(25);
    expect(hoursOf("2006-11-05", "2006-11-06")).toBe(24);
    expect(hoursOf("2007-11-04", "2007-11-05")).toBe(25);
  });

  test("story 5: between Tuesday 19:46 and the need-by on Wednesday 09:30 there are 13 h 44 min", () => {
    expect(at("2006-10-31T19:46")).toBe(at("2006-11-01T00:46:00Z"));
    expect(at("2006-11-01T09:30")).toBe(at("2006-11-01T14:30:00Z"));
    expect(at("2006-11-01T14:30:00Z") - at("2006-11-01T00:46:00Z")).toBe(13 * hour + 44 * minute);
  });

  test("story 5: a standard fix time of 24 h misses the need-by by 10 h 16 min, so the feasibility is red", () => {
    const hours = compiled({ week: { ...nights, sun: always }, exceptions: [] });
    const plan = { cureMs: 24 * hour, hours, marginMs: 0 };
    const planned = planNeedBy(plan, at("2006-11-01T14:30:00Z"), at("2006-11-01T00:46:00Z"));
    expect(planned).toMatchObject({ verdict: "red", spareMs: -(10 * hour + 16 * minute) });
  });

  test("on 1 November 2006, the desk opens at 14:00 UTC; the rules since 2007 would give 13:00 UTC", () => {
    const calendar = compiled();
    const opening = addOpen(calendar, at("2006-11-01T00:46:00Z"), 0);
    expect(opening).toBe(at("2006-11-01T14:00:00Z"));
    // Since 2007, daylight saving time ends on the first Sunday of November, so 1 November has UTC-4.
    const byLaterRules = at("2006-11-01T09:00:00-04:00");
    expect(opening - byLaterRules).toBe(hour);
    expect(isOpenAt(calendar, byLaterRules)).toBe(false);
    // On 1 November 2007, the rules since 2007 apply.
    expect(addOpen(calendar, at("2007-11-01T00:46:00Z"), 0)).toBe(at("2007-11-01T13:00:00Z"));
    expect(subtractOpen(calendar, at("2006-11-01T15:00:00Z"), 30 * minute)).toBe(at("2006-11-01T14:30:00Z"));
  });
});

/** Returns the first and the last open instant of a day, and the number of its open hours. */
type CalendarRow = [name: string, interval: string, from: string, to: string, hours: number];

describe("⚠ an interval starts at the first occurrence of an ambiguous local time, and ends at the last occurrence", () => {
  const open = (interval: string, zone = "America/Toronto") =>
    compiled({ zone, week: { sun: [interval] }, exceptions: [] });
  const day = [at("2006-10-29T00:00"), at("2006-10-30T00:00")] as const;

  test.for<CalendarRow>([
    ["starts within", "01:30-05:00", "2006-10-29T01:30:00-04:00", "2006-10-29T05:00:00-05:00", 4.5],
    ["ends within", "00:00-01:30", "2006-10-29T00:00:00-04:00", "2006-10-29T01:30:00-05:00", 2.5],
    ["is inside", "01:10-01:40", "2006-10-29T01:10:00-04:00", "2006-10-29T01:40:00-05:00", 1.5],
    ["ends at the second occurrence", "00:00-01:00", "2006-10-29T00:00:00-04:00", "2006-10-29T01:00:00-05:00", 2],
    ["begins after it", "02:00-03:00", "2006-10-29T02:00:00-05:00", "2006-10-29T03:00:00-05:00", 1],
  ])("an interval that %s has the right start, end and open time", ([, interval, from, to, hours]) => {
    const calendar = open(interval);
    expect(addOpen(calendar, day[0], 0)).toBe(at(from));
    expect(subtractOpen(calendar, day[1], 1) + 1).toBe(at(to));
    expect(openBetween(calendar, ...day)).toBe(hours * hour);
  });

  test("if two intervals meet at an ambiguous time, no time is counted twice", () => {
    const calendar = compiled({ week: { sun: ["00:30-01:30", "01:30-03:00"] }, exceptions: [] });
    expect(openBetween(calendar, ...day)).toBe(3.5 * hour);
  });
});

describe("⚠ a skipped local time means the first instant after the gap", () => {
  const day = [at("2006-04-02T00:00"), at("2006-04-03T00:00")] as const;
  test.for<CalendarRow>([
    ["starts within", "02:30-05:00", "2006-04-02T03:00:00-04:00", "2006-04-02T05:00:00-04:00", 2],
    ["ends within", "00:00-02:30", "2006-04-02T00:00:00-05:00", "2006-04-02T03:00:00-04:00", 2],
    ["goes over it", "01:00-04:00", "2006-04-02T01:00:00-05:00", "2006-04-02T04:00:00-04:00", 2],
  ])("an interval that %s has the right start, end and open time", ([, interval, from, to, hours]) => {
    const calendar = compiled({ week: { sun: [interval] }, exceptions: [] });
    expect(addOpen(calendar, day[0], 0)).toBe(at(from));
    expect(subtractOpen(calendar, day[1], 1) + 1).toBe(at(to));
    expect(openBetween(calendar, ...day)).toBe(hours * hour);
  });

  test("an interval that lies within the skipped hour does not exist on that day", () => {
    const calendar = compiled({ week: { sun: ["02:10-02:50"] }, exceptions: [] });
    expect(openBetween(calendar, ...day)).toBe(0);
  });

  test("30 December 2011, which Samoa skipped, has no open time", () => {
    const calendar = compiled({ zone: "Pacific/Apia", week: { ...nights, sun: always }, exceptions: [] });
    const from = at("2011-12-29T00:00", "Pacific/Apia");
    expect(openBetween(calendar, from, at("2012-01-01T00:00", "Pacific/Apia"))).toBe(48 * hour);
  });
});

test("the calendar counts the half-hour transitions of Lord Howe Island correctly", () => {
  const zone = "Australia/Lord_Howe";
  const calendar = compiled({ zone, week: { sun: ["01:00-03:00"] }, exceptions: [] });
  const day = (date: string): number => openBetween(calendar, at(`${date}T00:00`, zone), at(`${date}T12:00`, zone));
  expect(day("2026-04-05")).toBe(2.5 * hour);
  expect(day("2026-10-04")).toBe(1.5 * hour);
  expect(day("2026-10-11")).toBe(2 * hour);
});
