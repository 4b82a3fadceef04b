import { lintCalendar } from "@crossline/domain";
import { expect, test } from "vitest";
import { care } from "./given.ts";

const closed = (from: string, days: number) =>
  Array.from({ length: days }, (_, index) => ({
    date: new Date(Date.parse(from) + index * 86_400_000).toISOString().slice(0, 10),
    open: [],
  }));

test("a sound calendar comes back as it is", () => {
  expect(lintCalendar(care)).toEqual({ ok: true, document: care });
  expect(lintCalendar({ ...care, schema: 1 })).toMatchObject({ ok: true });
});

test.each([
  ["no document", "a calendar", [""]],
  ["nothing in it", {}, ["/calendar", "/zone", "/week"]],
  [
    "a disguised name",
    { ...care, exceptions: [{ date: "2026-02-16", open: [], name: "a\u2067b" }] },
    ["/exceptions/0/name"],
  ],
  ["an unknown key", { ...care, holidays: "CA" }, ["/holidays"]],
  ["an unknown day", { ...care, week: { monday: [] } }, ["/week/monday"]],
  ["an unknown zone", { ...care, zone: "America/Northtel" }, ["/zone"]],
  ["a zone that is only an offset", { ...care, zone: "+05:00" }, ["/zone"]],
  ["a zone of three letters that Intl alone knows", { ...care, zone: "PST" }, ["/zone"]],
  ["an interval that ends before it begins", { ...care, week: { mon: ["22:00-06:00"] } }, ["/week/mon/0"]],
  ["a time that is none", { ...care, week: { mon: ["09:00-25:00"] } }, ["/week/mon/0"]],
  ["a date that is none", { ...care, exceptions: [{ date: "2006-02-30", open: [] }] }, ["/exceptions/0/date"]],
  [
    "⚠ intervals that overlap",
    { ...care, week: { mon: ["09:00-12:00", "13:00-14:00", "11:00-13:00"] } },
    ["/week/mon/2"],
  ],
  ["intervals that touch are none that overlap", { ...care, week: { mon: ["09:00-12:00", "12:00-13:00"] } }, []],
  [
    "overlap in an exception",
    { ...care, exceptions: [{ date: "2006-01-02", open: ["09:00-12:00", "09:00-12:00"] }] },
    ["/exceptions/0/open/1"],
  ],
  [
    "⚠ a date that is there twice",
    {
      ...care,
      exceptions: [
        { date: "2006-01-02", open: [] },
        { date: "2006-01-02", open: ["09:00-12:00"] },
      ],
    },
    ["/exceptions/1/date"],
  ],
  ["⚠ a calendar without open hours", { ...care, week: { mon: [] }, exceptions: [] }, ["/week"]],
  ["one that opens on an exception only", { ...care, week: {} }, ["/week"]],
  ["one that is closed for 400 days", { ...care, exceptions: closed("2026-01-01", 400) }, ["/exceptions/0"]],
  ["one that is closed for 399 days", { ...care, exceptions: closed("2026-01-01", 399) }, []],
  ["the name of the one that never closes", { ...care, calendar: "24x7" }, ["/calendar"]],
  ["another version of the language", { ...care, schema: 2, anything: true }, ["/schema"]],
])("%s", (_, written, places) => {
  const linted = lintCalendar(written);
  expect(linted.ok ? [] : linted.faults.map(({ at }) => at)).toEqual(places);
});

test("another version of the language: it says which it knows", () => {
  const linted = lintCalendar({ schema: 2 });
  expect(linted).toMatchObject({ ok: false, faults: [{ at: "/schema" }] });
  expect(linted.ok ? "" : linted.faults[0]?.message).toMatch(/version 2 .* reads version 1/);
});
