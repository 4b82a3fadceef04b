import { describe, expect, test } from "vitest";
import { countdownText, dayAndTime, durationText, instantText, zoneName } from "../src/time/format.ts";

const now = Date.parse("2026-03-07T14:20:00Z");

describe("an instant", () => {
  test("of the same day has the time only, in the zone of the thing", () => {
    expect(instantText("2026-03-07T14:20:00Z", "America/Toronto", now)).toBe("09:20:00");
  });
  test("of another day in that zone has the day", () => {
    expect(instantText("2026-03-08T04:30:00Z", "America/Toronto", now)).toBe("23:30:00");
    expect(instantText("2026-03-08T05:30:00Z", "America/Toronto", now)).toBe("Sun 8 Mar 00:30");
  });
  test("of another year has the year", () => {
    expect(dayAndTime("2025-12-31T12:00:00Z", "UTC", now)).toBe("Wed 31 Dec 2025 12:00");
  });
});

test.each([
  [45_000, "45 s", "0:45"],
  [1_230_000, "20 min 30 s", "20:30"],
  [3_840_000, "1 h 04 min", "1 h 04"],
  [-48_000, "−48 s", "−0:48"],
  [200_000_000, "2 d 7 h", "2 d 7 h"],
])("%i ms is %s, and %s as a countdown", (ms, duration, countdown) => {
  expect([durationText(ms), countdownText(ms)]).toEqual([duration, countdown]);
});

test("a zone is named by its city", () => {
  expect([zoneName("America/Argentina/Buenos_Aires"), zoneName("UTC")]).toEqual(["Buenos Aires", "UTC"]);
});
