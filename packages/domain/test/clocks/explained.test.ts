import { type LineDocument, calendarDocument } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import { compileLine, explain } from "../../src/index.ts";
import { DrivenCase, at, line } from "../given.ts";

const clocks: LineDocument["clocks"] = [
  { kind: "resolution", target: "PT4H", warnAt: [], pausedWhile: ["customer", "held"] },
];
const status = (from: string, to: string) => ({ from, to, ...(to === "pending" && { waitingOn: "customer" }) });

function paused(driven: DrivenCase): DrivenCase {
  return driven
    .open()
    .event("10:00", "case.status-changed", status("acknowledged", "pending"))
    .event("12:00", "case.status-changed", status("pending", "inProgress"))
    .event("12:30", "case.status-changed", status("inProgress", "held"));
}

function resolution(driven: DrivenCase, under = line({ clocks }), instant = "13:00") {
  if (driven.state === undefined) throw new Error("the case has no clocks");
  const explained = explain(driven.state, under, at(instant)).find(({ clock }) => clock === "resolution");
  if (explained === undefined) throw new Error("the case has no such clock");
  return explained;
}

test("a clock has counted the sum of its intervals, and each pause delays its deadline", () => {
  expect(resolution(paused(new DrivenCase(line({ clocks }))))).toMatchObject({
    state: "waiting",
    countedMs: 5_400_000,
    remainingMs: 9_000_000,
    counted: [
      { from: "2026-03-07T14:00:00Z", to: "2026-03-07T15:00:00Z", countedMs: 3_600_000 },
      { from: "2026-03-07T17:00:00Z", to: "2026-03-07T17:30:00Z", countedMs: 1_800_000 },
    ],
    rested: [
      { from: "2026-03-07T15:00:00Z", to: "2026-03-07T17:00:00Z", openMs: 7_200_000 },
      { from: "2026-03-07T17:30:00Z", openMs: 1_800_000 },
    ],
    calendar: { name: "24x7", version: 1 },
  });
});

test("a pause delays a clock only by its open time, and the explanation names the calendar's version", () => {
  const ref = { carrier: "northtel", name: "test", version: 1 };
  const calendar = { party: "northtel", name: "care", version: 7 };
  const document = calendarDocument.parse({
    calendar: "care",
    zone: "America/Toronto",
    week: { sat: ["09:00-11:00"], mon: ["09:00-17:00"] },
  });
  const written: LineDocument = { line: "test", mode: "cross", calendar: "care", clocks, crossing: [], lastResort: [] };
  const compiled = compileLine(ref, written, { care: { ref: calendar, document } });
  const explained = resolution(paused(new DrivenCase(compiled)), compiled);
  expect(explained.rested[0]).toMatchObject({ openMs: 3_600_000 }); // The calendar closes at eleven.
  expect(explained.calendar).toMatchObject({ version: 7 });
});

test("a clock that is paused in a closed case counts no time", () => {
  const driven = new DrivenCase(line({ clocks })).open().until("14:00");
  driven.event("14:00", "case.closed", { from: "acknowledged", reason: "by-carrier" });
  const [early, late] = ["15:00", "+9 15:00"].map((instant) => resolution(driven, line({ clocks }), instant));
  expect(early).toMatchObject({ state: "breached", countedMs: 18_000_000, rested: [{ openMs: 3_600_000 }] });
  expect(late).toMatchObject({ countedMs: early?.countedMs, counted: early?.counted, thresholds: early?.thresholds });
});

describe("a clock counts one interval for each stretch of open hours", () => {
  const week = { mon: ["08:00-18:00"], fri: ["08:00-18:00"] };
  const care = (more: object = { week }) => {
    const ref = { carrier: "northtel", name: "test", version: 1 };
    const calendar = { party: "northtel", name: "care", version: 1 };
    const document = calendarDocument.parse({ calendar: "care", zone: "America/Toronto", ...more });
    const written: LineDocument = {
      line: "test",
      mode: "cross",
      calendar: "care",
      clocks,
      crossing: [],
      lastResort: [],
    };
    return compileLine(ref, written, { care: { ref: calendar, document } });
  };
  const resolutionAt = (instant: string, opened: string, under = care()) =>
    resolution(new DrivenCase(under).open(opened), under, instant);

  test("a weekend splits the time from Friday afternoon to Monday morning into two intervals", () => {
    const { counted, countedMs } = resolutionAt("+9 08:00", "+6 14:00"); // Under daylight saving time the local time is an hour later.
    expect(counted).toEqual([
      { from: "2026-03-13T19:00:00Z", to: "2026-03-13T22:00:00Z", countedMs: 10_800_000 },
      { from: "2026-03-16T12:00:00Z", to: "2026-03-16T13:00:00Z", countedMs: 3_600_000 },
    ]);
    expect(countedMs).toBe(14_400_000);
  });

  test("a period without open hours is one interval of length 0", () => {
    expect(resolutionAt("12:00", "10:00").counted).toEqual([
      { from: "2026-03-07T15:00:00Z", to: "2026-03-07T17:00:00Z", countedMs: 0 },
    ]);
  });

  test("a calendar that never closes splits no interval, and a long time without a pause has at most 260 intervals", () => {
    const always = Object.fromEntries(
      ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, ["00:00-24:00"]]),
    );
    expect(resolutionAt("+9 12:00", "10:00", care({ week: always })).counted).toHaveLength(1);
    const long = resolutionAt("+2000 12:00", "10:00");
    expect(long.counted).toHaveLength(260);
    expect(long.counted.reduce((sum, { countedMs }) => sum + countedMs, 0)).toBe(long.countedMs);
  });
});
