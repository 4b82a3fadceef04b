import { lintCalendar } from "@crossline/domain";
import { expect, test } from "vitest";
import { care } from "./given.ts";

const closed = (from: string, days: number) =>
  Array.from({ length: days }, (_, index) => ({
    date: new Date(Date.parse(from) + index * 86_400_000).toISOString().slice(0, 10),
    open: [],
  }));

test("the lint returns a correct calendar unchanged", () => {
  expect(lintCalendar(care)).toEqual({ ok: true, document: care });
  expect(lintCalendar({ ...care, schema: 1 })).toMatchObject({ ok: true });
});

test.each([
  ["a text instead of a document", "a calendar", [""]],
  ["an empty document", {}, ["/calendar", "/zone", "/week"]],
  [
    "a disguised name",
    { ...care, exceptions: [{ date: "2026-02-16", open: [], name: "a\u2067b" }] },
    ["/exceptions/0/name"],
  ],
  ["an unknown key", { ...care, holidays: "CA" }, ["/holidays"]],
  ["an unknown day", { ...care, week: { monday: [] } }, ["/week/monday"]],
  ["an unknown zone", { ...care, zone: "America/Northtel" }, ["/zone"]],
  ["an offset instead of a zone", { ...care, zone: "+05:00" }, ["/zone"]],
  ["a zone of three letters that only Intl has", { ...care, zone: "PST" }, ["/zone"]],
  ["an interval that ends before its start", { ...care, week: { mon: ["22:00-06:00"] } }, ["/week/mon/0"]],
  ["an impossible time", { ...care, week: { mon: ["09:00-25:00"] } }, ["/week/mon/0"]],
  ["an impossible date", { ...care, exceptions: [{ date: "2006-02-30", open: [] }] }, ["/exceptions/0/date"]],
  [
    "⚠ overlapping intervals",
    { ...care, week: { mon: ["09:00-12:00", "13:00-14:00", "11:00-13:00"] } },
    ["/week/mon/2"],
  ],
  ["adjacent intervals, which do not overlap", { ...care, week: { mon: ["09:00-12:00", "12:00-13:00"] } }, []],
  [
    "overlapping intervals in an exception",
    { ...care, exceptions: [{ date: "2006-01-02", open: ["09:00-12:00", "09:00-12:00"] }] },
    ["/exceptions/0/open/1"],
  ],
  [
    "⚠ a repeated date",
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
  ["a calendar that opens only on an exception", { ...care, week: {} }, ["/week"]],
  ["a calendar that is closed for 400 days", { ...care, exceptions: closed("2026-01-01", 400) }, ["/exceptions/0"]],
  ["a calendar that is closed for 399 days", { ...care, exceptions: closed("2026-01-01", 399) }, []],
  ["the name of the built-in calendar", { ...care, calendar: "24x7" }, ["/calendar"]],
  ["another version of the language", { ...care, schema: 2, anything: true }, ["/schema"]],
])("%s", (_, written, places) => {
  const linted = lintCalendar(written);
  expect(linted.ok ? [] : linted.faults.map(({ at }) => at)).toEqual(places);
});

test("the refusal of an unknown language version names the supported version", () => {
  const linted = lintCalendar({ schema: 2 });
  expect(linted).toMatchObject({ ok: false, faults: [{ at: "/schema" }] });
  expect(linted.ok ? "" : linted.faults[0]?.message).toMatch(/version 2 .* reads version 1/);
});
