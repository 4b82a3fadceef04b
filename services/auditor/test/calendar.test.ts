import type { CalendarDocument, Hours } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import { type Calendar, calendarOf } from "../src/rules/calendar.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const workdays = { mon: ["09:00-17:00"], tue: ["09:00-17:00"], wed: ["09:00-17:00"], thu: ["09:00-17:00"] };

const documents: Readonly<Record<string, CalendarDocument>> = {
  office: {
    calendar: "office",
    zone: "America/Toronto",
    week: { ...workdays, fri: ["09:00-12:00", "13:00-17:00"] },
    exceptions: [
      { date: "2026-03-10", open: [], name: "closed" },
      { date: "2026-03-11", open: ["11:00-12:00"] },
      { date: "2026-03-14", open: ["10:00-12:00"], name: "an extra Saturday" },
    ],
  },
  "orchard/desk": { calendar: "desk", zone: "Europe/Berlin", week: { ...workdays, fri: ["08:00-24:00"] } },
  nights: {
    calendar: "nights",
    zone: "America/Toronto",
    week: { sat: ["22:00-24:00"], sun: ["00:00-02:30", "02:30-06:00"], mon: ["01:30-01:45"] },
  },
  lordhowe: { calendar: "lordhowe", zone: "Australia/Lord_Howe", week: { sun: ["01:15-02:15"] } },
  never: { calendar: "never", zone: "UTC", week: {}, exceptions: [{ date: "2026-03-10", open: ["09:00-10:00"] }] },
  sundays: { calendar: "sundays", zone: "UTC", week: { sun: ["09:00-10:00"] } },
};
const pinned = Object.fromEntries(
  Object.entries(documents).map(([name, document]) => [
    name,
    { ref: { party: "northtel", name: document.calendar, version: 1 }, document },
  ]),
);
const open = (hours: Hours): Calendar => {
  const calendar = calendarOf(hours, pinned);
  if (calendar === undefined) throw new Error("the hours are unknown");
  return calendar;
};
const at = (local: string): number => Temporal.Instant.from(local).epochMilliseconds;

describe("`add` returns the instant at which an amount of open time has passed", () => {
  // In Toronto, summer time begins on 8 March 2026 and ends on 1 November.
  test.for<[string, Hours, string, number, string]>([
    ["within a day", "office", "2026-03-05T09:30:00-05:00", 2 * hour, "2026-03-05T11:30:00-05:00"],
    ["over a break", "office", "2026-03-06T11:30:00-05:00", hour, "2026-03-06T13:30:00-05:00"],
    ["exactly at closing time", "office", "2026-03-06T16:00:00-05:00", hour, "2026-03-06T17:00:00-05:00"],
    ["over a weekend with a lost hour", "office", "2026-03-06T16:30:00-05:00", hour, "2026-03-09T09:30:00-04:00"],
    ["over a holiday and a short day", "office", "2026-03-09T16:00:00-04:00", 3 * hour, "2026-03-12T10:00:00-04:00"],
    ["on an extra day", "office", "2026-03-13T18:00:00-04:00", hour, "2026-03-14T11:00:00-04:00"],
    ["zero, while open", "office", "2026-03-12T10:00:00-04:00", 0, "2026-03-12T10:00:00-04:00"],
    ["zero, while closed", "office", "2026-03-12T17:00:00-04:00", 0, "2026-03-13T09:00:00-04:00"],
    ["over months", "office", "2026-04-06T09:00:00-04:00", 8 * (4 * 8 + 7) * hour, "2026-05-29T17:00:00-04:00"],
    ["in common hours", ["office", "orchard/desk"], "2026-03-05T15:00:00Z", 2 * hour, "2026-03-06T15:00:00Z"],
    ["in common hours with 24x7", ["office", "24x7"], "2026-03-05T09:30:00-05:00", hour, "2026-03-05T10:30:00-05:00"],
    ["into a skipped hour", "nights", "2026-03-07T22:00:00-05:00", 4 * hour + hour, "2026-03-08T04:00:00-04:00"],
    ["through a repeated hour", "nights", "2026-10-31T22:00:00-04:00", 5 * hour, "2026-11-01T02:00:00-05:00"],
    // Lord Howe sets its clocks back by half an hour at 02:00. The times from 01:30 to 02:00 occur twice, so the shift from 01:15 to
    // 02:15 lasts 90 minutes.
    ["through a repeated half hour", "lordhowe", "2026-04-04T12:00:00Z", 90 * minute, "2026-04-05T02:15:00+10:30"],
  ])("%s", ([, hours, from, ms, until]) => {
    expect(new Date(open(hours).add(at(from), ms)).toISOString()).toBe(new Date(at(until)).toISOString());
  });
});

test("a shift starts at the first occurrence of a repeated time or ends at the last; a skipped time counts as the next instant", () => {
  const shift = (zone: string, interval: string, date: string): [string, string] => {
    const document = { calendar: "shift", zone, week: {}, exceptions: [{ date, open: [interval] }] };
    const always = { ...document, week: { mon: ["00:00-00:01"] } };
    const calendar = calendarOf("shift", {
      shift: { ref: { party: "a", name: "shift", version: 1 }, document: always },
    });
    const start = calendar?.add(at(`${date}T00:00:00Z`), 0) ?? 0;
    const end = start + (calendar?.between(start, start + day / 2) ?? 0);
    return [new Date(start).toISOString(), new Date(end).toISOString()];
  };
  expect(shift("America/Toronto", "01:30-01:45", "2026-11-01")).toEqual([
    "2026-11-01T05:30:00.000Z",
    "2026-11-01T06:45:00.000Z",
  ]);
  expect(shift("America/Toronto", "02:15-03:30", "2026-03-08")).toEqual([
    "2026-03-08T07:00:00.000Z",
    "2026-03-08T07:30:00.000Z",
  ]);
  expect(shift("America/Toronto", "02:00-03:30", "2026-03-08")).toEqual([
    "2026-03-08T07:00:00.000Z",
    "2026-03-08T07:30:00.000Z",
  ]);
  expect(shift("America/Toronto", "01:00-02:30", "2026-03-08")).toEqual([
    "2026-03-08T06:00:00.000Z",
    "2026-03-08T07:00:00.000Z",
  ]);
});

/**
 * Returns whether the calendar is open in this local minute. The result is correct only if the hours contain no repeated or skipped
 * local time.
 */
function isOpenAt({ zone, week, exceptions = [] }: CalendarDocument, instant: number): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  const time = local.toPlainTime().toString().slice(0, 5);
  const names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
  const special = exceptions.find(({ date }) => date === local.toPlainDate().toString());
  const intervals = special?.open ?? week[names[local.dayOfWeek - 1] ?? "mon"] ?? [];
  return intervals.some((interval) => interval.slice(0, 5) <= time && time < interval.slice(6));
}

test.each<[Hours]>([["office"], ["orchard/desk"], [["office", "orchard/desk"]]])(
  "the open hours of %j are equal to the minutes that a simple check finds open",
  (hours) => {
    const calendar = open(hours);
    const names = typeof hours === "string" ? [hours] : hours;
    const [from, to] = [at("2026-02-27T00:00:00Z"), at("2026-04-05T00:00:00Z")];
    let spent = 0;
    for (let now = from; now < to; now += minute) {
      if (!names.every((name) => isOpenAt(documents[name] as CalendarDocument, now))) continue;
      spent += minute;
      if (spent % (97 * minute) !== 0) continue;
      expect(calendar.add(from, spent)).toBe(now + minute);
      expect(calendar.between(from, now + minute)).toBe(spent);
      expect(calendar.between(calendar.subtract(now + minute, spent - minute), now + minute)).toBe(spent - minute);
    }
    expect(calendar.between(from, to)).toBe(spent);
  },
);

test("`subtract` returns the last instant from which an amount of open time passes until the given instant", () => {
  const calendar = open("office");
  const back = (to: string, ms: number): string => new Date(calendar.subtract(at(to), ms)).toISOString();
  expect(back("2026-03-09T10:00:00-04:00", 2 * hour)).toBe(new Date(at("2026-03-06T16:00:00-05:00")).toISOString());
  expect(back("2026-03-09T10:00:00-04:00", hour)).toBe(new Date(at("2026-03-09T09:00:00-04:00")).toISOString());
});

test.each<[string, Hours]>([
  ["of a calendar that is not pinned", "elsewhere"],
  ["of a calendar that never opens", "never"],
  ["of two calendars that are never open together", ["office", "sundays"]],
])("`calendarOf` returns undefined for the hours %s", (_, hours) => {
  expect(calendarOf(hours, pinned)).toBeUndefined();
});

test("100,000 additions take a second at most", () => {
  const calendar = open(["office", "orchard/desk"]);
  const from = at("2026-03-05T15:00:00Z");
  calendar.add(from, 40 * hour);
  const start = performance.now();
  for (let index = 0; index < 100_000; index++) calendar.add(from + index * 1_000, 3 * hour);
  expect(performance.now() - start).toBeLessThan(1_000);
});
