import { describe, expect, test } from "vitest";
import type { ClockHistoryResponse } from "@crossline/contracts";
import { axisOf, stretchesOf } from "../src/case/picture/axis.ts";
import { coalesceLives } from "../src/case/picture/coalesce.ts";
import { describePicture } from "../src/case/picture/describe.ts";
import { holdingsOf } from "../src/case/picture/holders.ts";
import { lanesOf } from "../src/case/picture/lanes.ts";
import { placeOfStop, stopsOf } from "../src/case/picture/stops.ts";
import { ticksOf } from "../src/case/picture/ticks.ts";

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse("2026-03-07T14:00:00Z");
const at = (minutes: number): number => start + minutes * minute;
const iso = (minutes: number): string => new Date(at(minutes)).toISOString();

type Life = ClockHistoryResponse["clocks"][number];

const life = (more: Partial<Life>): Life => ({
  clock: "stall.busy",
  kind: "stall.busy",
  incarnation: "case/1",
  state: "running",
  charged: "northtel",
  startedAt: iso(0),
  startedBy: { type: "case.opened", topic: "case", sequence: 1 },
  targetMs: 20 * minute,
  countedMs: 0,
  remainingMs: 0,
  counted: [],
  rested: [],
  thresholds: [{ percent: 100 }],
  calendar: { name: "24x7", version: 1 },
  provisional: false,
  ...more,
});

describe("the axis", () => {
  test("shows a story of twenty minutes without an idle stretch", () => {
    expect(stretchesOf([0, 5, 10, 15, 18, 20].map(at))).toEqual([{ from: at(0), to: at(20), isIdle: false }]);
  });

  test("collapses the nights of a case of five days", () => {
    const days = [0, 1, 2, 3, 4].flatMap((day) => [0, 40, 90, 130, 200].map((minutes) => at(day * 1440 + minutes)));
    const stretches = stretchesOf(days);
    expect(stretches.filter(({ isIdle }) => isIdle)).toHaveLength(4);
    const axis = axisOf(stretches, 700);
    const night = axis.placeOf(at(1440)) - axis.placeOf(at(200));
    expect(night).toBeCloseTo(52);
    expect(axis.placeOf(at(200))).toBeGreaterThan(90);
    expect(axis.placeOf(at(4 * 1440 + 200))).toBeCloseTo(700);
  });

  test("gives the idle stretches at most two fifths of a narrow picture", () => {
    const days = Array.from({ length: 20 }, (_, day) => [at(day * 1440), at(day * 1440 + 60)]).flat();
    const axis = axisOf(stretchesOf(days), 300);
    const idle = axis.stretches.filter(({ isIdle }) => isIdle);
    const width = idle.reduce((sum, { from, to }) => sum + axis.placeOf(to) - axis.placeOf(from), 0);
    expect(idle).toHaveLength(19);
    expect(width).toBeCloseTo(120);
  });

  test("keeps a burst of a minute readable after a silence of days", () => {
    const axis = axisOf(stretchesOf([...[0, 0.5, 1, 1.5, 2].map(at), at(5 * 1440)]), 400);
    expect(axis.placeOf(at(2))).toBeGreaterThan(300);
  });

  test("collapses the time until a deadline that is longer than a quarter of the past", () => {
    const stretches = stretchesOf([0, 5, 10, 20, 24, 36].map(at), at(20));
    expect(stretches).toEqual([
      { from: at(0), to: at(24), isIdle: false },
      { from: at(24), to: at(36), isIdle: true },
    ]);
  });

  test("of a case that has just opened has a minute", () => {
    expect(stretchesOf([start, start])).toEqual([{ from: start, to: start + minute, isIdle: false }]);
  });

  test("translates a place back into its instant", () => {
    const axis = axisOf(stretchesOf([0, 10, 20].map(at)), 200);
    expect(axis.instantAt(axis.placeOf(at(7)))).toBeCloseTo(at(7));
  });

  test("has ticks at round local times, the first of each day with the day", () => {
    const axis = axisOf(stretchesOf([0, 10, 20].map(at)), 300);
    const ticks = ticksOf(axis, "America/Toronto", start);
    expect(ticks.map(({ label }) => label)).toEqual(["09:00", "09:05", "09:10", "09:15", "09:20"]);
    expect(ticks.map(({ day }) => day)).toEqual(["Sat 7 Mar", undefined, undefined, undefined, undefined]);
  });

  test("has hours of a day with a clock change at their local times", () => {
    // In Toronto, 02:00 is followed by 03:00 on 2026-03-08.
    const night = Date.parse("2026-03-08T05:00:00Z");
    const axis = axisOf(stretchesOf([0, 1, 2, 3, 4].map((hours) => night + hours * hour)), 300);
    const labels = ticksOf(axis, "America/Toronto", night).map(({ label }) => label);
    expect(labels).toEqual(["00:00", "01:00", "03:00", "04:00", "05:00"]);
  });
});

describe("the slider", () => {
  const stretches = stretchesOf([0, 10, 20].map(at));
  const stops = stopsOf({ stretches, events: [at(0), at(10), at(20.5)], until: at(21.25), zone: "America/Toronto" });

  test("stops at each event and at round times, until now", () => {
    expect(stops).toContain(at(10));
    expect(stops).toContain(at(20.5));
    expect(stops.at(-1)).toBe(at(21.25));
    expect(stops.every((stop) => stop <= at(21.25))).toBe(true);
  });

  test("is at the last stop before an instant", () => {
    expect(stops[placeOfStop(stops, at(20.7))]).toBe(at(20.5));
    expect(placeOfStop(stops, start - 1)).toBe(0);
  });
});

describe("the lanes", () => {
  test("are one for each clock and charged company, with the lives that overlap in rows", () => {
    const lanes = lanesOf({
      at: iso(60),
      clocks: [
        life({ state: "ended", endedAt: iso(20) }),
        life({ incarnation: "case/2", startedAt: iso(20) }),
        life({ incarnation: "case/3", startedAt: iso(5) }),
        life({ incarnation: "handoff/1", charged: "orchard" }),
      ],
    });
    expect(lanes.map(({ clock, charged, rows }) => [clock, charged, rows])).toEqual([
      ["stall.busy", "northtel", 2],
      ["stall.busy", "orchard", 1],
    ]);
    expect(lanes[0]?.lives.map(({ row }) => row)).toEqual([0, 0, 1]);
  });

  test("show the time outside all intervals as closed, and a pause as rested", () => {
    const [lane] = lanesOf({
      at: iso(100),
      clocks: [
        life({
          counted: [
            { from: iso(0), to: iso(20), countedMs: 20 * minute },
            { from: iso(80), to: iso(100), countedMs: 20 * minute },
          ],
          rested: [{ from: iso(20), to: iso(40), openMs: 20 * minute }],
          thresholds: [{ percent: 100, dueAt: iso(120) }],
        }),
      ],
    });
    expect(lane?.lives[0]?.bars).toEqual([
      { kind: "counted", from: at(0), to: at(20) },
      { kind: "rested", from: at(20), to: at(40) },
      { kind: "closed", from: at(40), to: at(80) },
      { kind: "counted", from: at(80), to: at(100) },
      { kind: "remaining", from: at(100), to: at(120) },
    ]);
  });

  test("have no deadline after the breach", () => {
    const [lane] = lanesOf({
      at: iso(30),
      clocks: [life({ state: "breached", thresholds: [{ percent: 100, dueAt: iso(20), firedAt: iso(20) }] })],
    });
    expect(lane?.lives[0]).toMatchObject({ breach: at(20) });
    expect(lane?.lives[0]?.due).toBeUndefined();
  });
});

test("thousands of narrow lives without a mark are one bar, and a breach between them stays", () => {
  const lives = Array.from({ length: 3000 }, (_, minutes) =>
    life({
      incarnation: `case/${minutes}`,
      state: "ended",
      startedAt: iso(minutes),
      endedAt: iso(minutes + 1),
      counted: [{ from: iso(minutes), to: iso(minutes + 1), countedMs: minute }],
      thresholds: [{ percent: 100, ...(minutes === 1000 && { firedAt: iso(1001) }) }],
    }),
  );
  const [lane] = lanesOf({ at: iso(3000), clocks: lives });
  const shown = coalesceLives(lane?.lives ?? [], axisOf(stretchesOf(lives.map((_, index) => at(index))), 300), 3);
  expect(shown.map(({ from, to, bars }) => [(from - start) / minute, (to - start) / minute, bars.length])).toEqual([
    [0, 1000, 1],
    [1000, 1001, 1],
    [1001, 3000, 1],
  ]);
});

describe("the holders", () => {
  const handoff = (more: object) =>
    ({ vendor: "orchard", phase: "accepted", offeredAt: iso(20), ...more }) as Parameters<
      typeof holdingsOf
    >[0]["handoffs"][number];
  const held = (handoffs: readonly object[], until: number) =>
    holdingsOf({ carrier: "northtel", openedAt: iso(0), handoffs: handoffs.map(handoff) }, at(until)).map(
      ({ holder, from, to }) => [holder, (from - start) / minute, (to - start) / minute],
    );

  test("are the carrier, the vendor from its acceptance on, and the carrier after the fix", () => {
    expect(held([{ acceptedAt: iso(20.5), endedAt: iso(21.25), phase: "resolved" }], 30)).toEqual([
      ["northtel", 0, 20.5],
      ["orchard", 20.5, 21.25],
      ["northtel", 21.25, 30],
    ]);
  });

  test("stay the vendor after a transfer, until another vendor accepts", () => {
    expect(
      held(
        [
          { acceptedAt: iso(10), endedAt: iso(15), phase: "transferred" },
          { acceptedAt: iso(18), vendor: "quill" },
        ],
        20,
      ),
    ).toEqual([
      ["northtel", 0, 10],
      ["orchard", 10, 18],
      ["quill", 18, 20],
    ]);
  });

  test("as of an earlier instant have no later acceptance", () => {
    expect(held([{ acceptedAt: iso(20) }], 10)).toEqual([["northtel", 0, 10]]);
  });
});

test("the text alternative names the holders, the firings and the deadlines", () => {
  const lanes = lanesOf({
    at: iso(15),
    clocks: [
      life({
        thresholds: [
          { percent: 50, dueAt: iso(10), firedAt: iso(10) },
          { percent: 100, dueAt: iso(20) },
        ],
      }),
    ],
  });
  const format = (instant: number): string => `${(instant - start) / minute}`;
  const holders = [{ holder: "northtel", from: at(0), to: at(15) }];
  expect(describePicture({ lanes, holders, now: at(15), format })).toBe(
    "Held by northtel from 0 to 15. stall.busy of northtel: warned at 50 % at 10; due at 20, in 5 min 00 s.",
  );
});
