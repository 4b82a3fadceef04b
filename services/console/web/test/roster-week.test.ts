import { expect, test } from "vitest";
import { quietIn } from "../src/rosters/quiet.ts";
import { initialsOf, rosterWeek } from "../src/rosters/roster-week.ts";
import { daysFrom, mondayOf, placeIn, spanOf, weeksLater, windowOf } from "../src/rosters/week.ts";
import { spanText, timesText } from "../src/rosters/words.ts";

const toronto = "America/Toronto";
const spanOfTimes = (from: string, to: string) => ({ from: Date.parse(from), to: Date.parse(to) });

test("a week begins on Monday, also across years", () => {
  expect(mondayOf("2026-03-08")).toBe("2026-03-02");
  expect(mondayOf("2026-03-02")).toBe("2026-03-02");
  expect(mondayOf("2027-01-01")).toBe("2026-12-28");
  expect(weeksLater("2026-12-28", 1)).toBe("2027-01-04");
});

test("the days of a clock change have 23 and 25 hours, and their true shares of the picture", () => {
  const spring = daysFrom("2026-03-02", toronto);
  expect(spring.map(({ hours }) => hours)).toEqual([24, 24, 24, 24, 24, 24, 23]);
  expect(placeIn(spanOf(spring), spring[6]!).width).toBeCloseTo((100 * 23) / 167);
  expect(daysFrom("2026-10-26", toronto).map(({ hours }) => hours)).toEqual([24, 24, 24, 24, 24, 24, 25]);
  // Lord Howe Island changes its clocks by half an hour.
  expect(daysFrom("2026-03-30", "Australia/Lord_Howe")[6]?.hours).toBe(24.5);
});

test.each([toronto, "Pacific/Kiritimati", "Etc/GMT+12"])("the requested window contains the week of %s", (zone) => {
  const { from, to } = windowOf("2026-03-02");
  const week = spanOf(daysFrom("2026-03-02", zone));
  expect(Date.parse(from)).toBeLessThanOrEqual(week.from);
  expect(Date.parse(to)).toBeGreaterThanOrEqual(week.to);
});

test("quiet hours across midnight reach into a shift from the evening before, in the person's own zone", () => {
  const quiet = { from: "22:00", to: "06:00", zone: toronto };
  expect(quietIn(quiet, spanOfTimes("2026-03-03T09:00:00Z", "2026-03-04T05:00:00Z"))).toEqual([
    spanOfTimes("2026-03-03T09:00:00Z", "2026-03-03T11:00:00Z"),
    spanOfTimes("2026-03-04T03:00:00Z", "2026-03-04T05:00:00Z"),
  ]);
});

test("quiet hours in the night of a clock change have an hour less", () => {
  const [night] = quietIn(
    { from: "22:00", to: "06:00", zone: toronto },
    spanOfTimes("2026-03-08T00:00:00Z", "2026-03-08T20:00:00Z"),
  );
  expect(night).toEqual(spanOfTimes("2026-03-08T03:00:00Z", "2026-03-08T10:00:00Z"));
});

test("quiet hours of one day do not reach into the next", () => {
  const quiet = { from: "12:00", to: "13:00", zone: "UTC" };
  expect(quietIn(quiet, spanOfTimes("2026-03-03T00:00:00Z", "2026-03-05T00:00:00Z"))).toEqual([
    spanOfTimes("2026-03-03T12:00:00Z", "2026-03-03T13:00:00Z"),
    spanOfTimes("2026-03-04T12:00:00Z", "2026-03-04T13:00:00Z"),
  ]);
});

test("each person has initials that no other person has", () => {
  expect(initialsOf(["Ada Lovett", "Ann Lee", "Ben Okri"])).toEqual(["AL", "AL2", "BO"]);
});

test("the end of a day is 24:00, and a span of several days names both", () => {
  expect(timesText(spanOfTimes("2026-03-02T05:00:00Z", "2026-03-03T05:00:00Z"), toronto)).toBe("00:00–24:00");
  expect(spanText(spanOfTimes("2026-03-02T14:00:00Z", "2026-03-03T14:00:00Z"), toronto)).toBe(
    "Mon 2 Mar 09:00 to Tue 3 Mar 09:00",
  );
});

test("a week has only the parts of shifts and gaps inside it", () => {
  const coverage = [{ from: "2026-02-20T00:00:00Z", to: "2026-03-03T05:00:00Z", state: "gap" as const }];
  const week = rosterWeek(
    { roster: { party: "orchard", name: "desk" }, until: "2026-03-20T00:00:00Z", coverage },
    undefined,
    "2026-03-02",
  );
  expect(week.gaps).toEqual([{ from: week.span.from, to: Date.parse("2026-03-03T05:00:00Z") }]);
  expect([week.unknown, week.own]).toEqual([undefined, undefined]);
});
