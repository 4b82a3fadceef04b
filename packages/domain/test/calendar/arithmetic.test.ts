import { addOpen, allHours, neverOpensAround } from "@crossline/domain";
import { isOpenAt, nextOpening, openBetween, subtractOpen } from "../../src/calendar/calendar.ts";
import { commonHours } from "../../src/calendar/compile.ts";
import { describe, expect, test } from "vitest";
import { at, compiled, hour, minute } from "./given.ts";

const desk = compiled();

describe("a weekday with a break (Thursday 2006-10-12)", () => {
  test.each([
    ["within the morning", "2006-10-12T09:30", 2 * hour, "2006-10-12T11:30"],
    ["the closing instant itself", "2006-10-12T09:00", 3 * hour, "2006-10-12T12:00"],
    ["over the break", "2006-10-12T11:00", 2 * hour, "2006-10-12T14:00"],
    ["from within the break", "2006-10-12T12:15", hour, "2006-10-12T14:00"],
    ["over the night", "2006-10-12T17:00", hour, "2006-10-13T09:30"],
    ["over the weekend with a Saturday morning", "2006-10-13T17:00", 5 * hour, "2006-10-16T09:30"],
    ["a span of 0 in open hours", "2006-10-12T09:30", 0, "2006-10-12T09:30"],
    ["a span of 0 at the closing, to the next opening", "2006-10-12T12:00", 0, "2006-10-12T13:00"],
    ["a span of 0 in closed hours, to the next opening", "2006-10-14T15:00", 0, "2006-10-16T09:00"],
    ["a millisecond at the closing", "2006-10-12T17:30", 1, "2006-10-13T09:00:00.001"],
  ])("adding open time: %s", (_, from, open, to) => {
    expect(addOpen(desk, at(from), open)).toBe(at(to));
  });

  test.each([
    ["within the morning", "2006-10-12T11:30", 2 * hour, "2006-10-12T09:30"],
    ["the opening instant itself, instead of the previous closing", "2006-10-12T14:00", hour, "2006-10-12T13:00"],
    ["over the break", "2006-10-12T14:00", 2 * hour, "2006-10-12T11:00"],
    ["over the night", "2006-10-13T09:30", hour, "2006-10-12T17:00"],
    ["from a closed time", "2006-10-12T20:00", hour, "2006-10-12T16:30"],
    ["nothing", "2006-10-12T20:00", 0, "2006-10-12T20:00"],
  ])("subtracting it: %s", (_, to, open, from) => {
    expect(subtractOpen(desk, at(to), open)).toBe(at(from));
  });

  test.each([
    ["the whole day", "2006-10-12T00:00", "2006-10-13T00:00", 7.5 * hour],
    ["an inverted interval", "2006-10-13T00:00", "2006-10-12T00:00", 0],
    ["a closed time", "2006-10-12T12:00", "2006-10-12T13:00", 0],
    ["a week", "2006-10-15T00:00", "2006-10-22T00:00", 5 * 7.5 * hour + 4 * hour],
  ])("between: %s", (_, from, to, open) => {
    expect(openBetween(desk, at(from), at(to))).toBe(open);
  });

  test("an interval includes its start and not its end", () => {
    expect(isOpenAt(desk, at("2006-10-12T08:59:59.999"))).toBe(false);
    expect(isOpenAt(desk, at("2006-10-12T09:00"))).toBe(true);
    expect(isOpenAt(desk, at("2006-10-12T11:59:59.999"))).toBe(true);
    expect(isOpenAt(desk, at("2006-10-12T12:00"))).toBe(false);
  });
});

describe("an exception replaces the whole weekday of its date", () => {
  test.each([
    ["a holiday", "2006-10-09", 0],
    ["an open Sunday", "2006-12-24", 3 * hour],
    ["a partial day", "2006-12-27", 4 * hour],
    ["the next day", "2006-12-28", 7.5 * hour],
  ])("%s", (_, date, open) => {
    const midnight = at(`${date}T00:00`);
    expect(openBetween(desk, midnight, midnight + 24 * hour)).toBe(open);
  });

  test("a deadline skips the holidays", () => {
    expect(addOpen(desk, at("2006-12-24T12:00"), 2 * hour)).toBe(at("2006-12-27T12:00"));
    expect(subtractOpen(desk, at("2006-12-27T12:00"), 2 * hour)).toBe(at("2006-12-24T12:00"));
    expect(nextOpening(desk, at("2006-12-24T13:00"))).toBe(at("2006-12-27T11:00"));
  });
});

test("a long span is the sum of short spans", () => {
  const [from, to] = [at("2001-03-01T00:00"), at("2031-03-01T00:00")];
  let sum = 0;
  for (let day = from; day < to; day += 24 * hour) sum += openBetween(desk, day, Math.min(to, day + 24 * hour));
  expect(openBetween(desk, from, to)).toBe(sum);
  expect(addOpen(desk, from, sum)).toBe(at("2031-02-28T17:30"));
  expect(subtractOpen(desk, to, sum)).toBe(at("2001-03-01T09:00"));
});

describe("common open hours", () => {
  const toronto = compiled({ week: { mon: ["09:00-17:00"], tue: ["09:00-17:00"] }, exceptions: [] });
  const berlin = compiled({
    calendar: "berlin",
    zone: "Europe/Berlin",
    week: { mon: ["10:00-18:00"] },
    exceptions: [],
  });

  test("two companies on two continents have common open hours", () => {
    const both = commonHours([toronto, berlin]);
    expect(nextOpening(both, at("2006-10-13T00:00"))).toBe(at("2006-10-16T09:00"));
    expect(openBetween(both, at("2006-10-16T00:00"), at("2006-10-17T00:00"))).toBe(3 * hour);
  });

  test("common open hours are an hour longer while only one of two companies has daylight saving time", () => {
    // In 2006 daylight saving time ended on 29 October in Toronto and in Berlin. In 2007, Europe ended daylight saving time a
    // week before Toronto.
    const both = commonHours([toronto, berlin]);
    expect(openBetween(both, at("2007-10-29T00:00"), at("2007-10-30T00:00"))).toBe(4 * hour);
    expect(openBetween(both, at("2006-10-30T00:00"), at("2006-10-31T00:00"))).toBe(3 * hour);
  });

  test("common open hours are the hours of the other calendar if one calendar never closes", () => {
    expect(commonHours([toronto, allHours])).toBe(toronto);
    expect(commonHours([allHours, allHours])).toBe(allHours);
  });

  test("three companies have common open hours", () => {
    const third = compiled({ calendar: "late", week: { mon: ["10:30-24:00"] }, exceptions: [] });
    const all = commonHours([toronto, berlin, third]);
    expect(openBetween(all, at("2006-10-16T00:00"), at("2006-10-17T00:00"))).toBe(90 * minute);
    expect(all).toMatchObject({ refs: [{ name: "care" }, { name: "berlin" }, { name: "late" }] });
  });
});

describe("a calendar that never opens counts as 24x7, and the lint reports this calendar", () => {
  const mondays = Array.from({ length: 300 }, (_, week) => ({
    date: new Date(at("2003-01-06T12:00") + week * 7 * 24 * hour).toISOString().slice(0, 10),
    open: [],
  }));
  const never = compiled({ week: { mon: ["09:00-10:00"] }, exceptions: mondays });
  const sunday = compiled({ calendar: "sunday", week: { sun: ["09:00-10:00"] }, exceptions: [] });
  const monday = compiled({ calendar: "monday", week: { mon: ["09:00-10:00"] }, exceptions: [] });
  const noon = at("2006-10-12T12:00");

  test.each([
    ["exceptions close all its days", never],
    ["two calendars have no common hour", commonHours([sunday, monday])],
  ])("%s", (_, calendar) => {
    expect(neverOpensAround(calendar, noon)).toBe(true);
    expect(addOpen(calendar, noon, 100 * hour)).toBe(noon + 100 * hour);
    expect(subtractOpen(calendar, noon, 100 * hour)).toBe(noon - 100 * hour);
    expect(openBetween(calendar, noon, noon + 900 * hour)).toBe(900 * hour);
    expect(isOpenAt(calendar, noon)).toBe(true);
  });

  test("a calendar that opens once a week does not count as 24x7", () => {
    expect(neverOpensAround(sunday, noon)).toBe(false);
    expect(neverOpensAround(allHours, noon)).toBe(false);
  });
});
