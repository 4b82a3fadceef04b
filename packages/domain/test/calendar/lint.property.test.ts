import { calendarDocument } from "@crossline/contracts";
import { addOpen, compileCalendar, lintCalendar } from "@crossline/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { care } from "./given.ts";

const text = fc.oneof(
  fc.constantFrom("09:00-17:00", "17:00-24:00", "00:00-00:01", "24:00-24:00", "America/Toronto", "PST", "2026-02-29"),
  fc.constantFrom("2028-02-29", "0000-01-01", "9999-12-31", "24x7", "care", "__proto__"),
  fc.string(),
);
const value = fc.oneof(text, fc.array(text, { maxLength: 10 }), fc.jsonValue());
const week = fc.dictionary(fc.constantFrom("mon", "tue", "sun", "day"), fc.array(text, { maxLength: 4 }));
const exceptions = fc.array(fc.record({ date: text, open: fc.array(text, { maxLength: 3 }) }), { maxLength: 5 });
/** Generates calendars that are correct except for a random value in one field. */
const written = fc.oneof(
  fc.jsonValue(),
  fc.tuple(fc.constantFrom("schema", "calendar", "zone"), value).map(([field, other]) => ({ ...care, [field]: other })),
  fc.oneof(week, value).map((other) => ({ ...care, week: other })),
  fc.oneof(exceptions, value).map((other) => ({ ...care, exceptions: other })),
);

test("the lint reports each error with its place, and the calendar arithmetic can use every document that has no error", () => {
  let sound = 0;
  fc.assert(
    fc.property(written, (document) => {
      const linted = lintCalendar(document);
      if (!linted.ok)
        return linted.faults.length > 0 && linted.faults.every(({ at }) => at === "" || at.startsWith("/"));
      sound++;
      const calendar = compileCalendar({ party: "northtel", name: "care", version: 1 }, linted.document);
      const from = Date.UTC(2026, 0, 1);
      return calendarDocument.safeParse(linted.document).success && addOpen(calendar, from, 3_600_000) > from;
    }),
    { numRuns: 2_000 },
  );
  expect(sound).toBeGreaterThan(10);
});
