import { expect, test } from "vitest";
import { type CaseClocks, type EndedClock, compileLine } from "@crossline/domain";
import { decodeState, encodeState, traceOf } from "../src/store/stored-state.ts";
import { busyLine } from "./facts.ts";

const clock = {
  name: "stall.busy",
  kind: "stall.busy",
  start: { by: "case", sequence: 2 },
  charged: "northtel",
  startedAt: 1000,
  targetMs: 1_200_000,
  thresholds: [50, 75, 90, 100],
  counted: [{ from: 1000, to: 2000 }, { from: 3000 }],
  fired: [{ dueAt: 601_000, firedAt: 601_004 }],
} as const;
const ended: EndedClock = { ...clock, name: "stall.idle", kind: "stall.idle", endedAt: 4000, overtaken: true };
const ref = { carrier: "northtel", name: "busy", version: 3 };
const line = compileLine(ref, busyLine);
const lastEventAt = 2_500;
const columns = { caseId: "cs_1", timeline: "wall", carrier: "northtel", line: ref };
const bare: CaseClocks = {
  ...columns,
  severity: "minor",
  status: "inProgress",
  holder: "northtel",
  crossed: false,
  sequence: 0,
  read: { case: 1, handoff: 0 },
  applied: [1],
  handlings: [],
  clocks: [],
  ended: [],
};

const busy = {
  ...bare,
  crossed: true,
  sequence: 7,
  read: { case: 12, handoff: 3 },
  applied: [2, 1],
  handlings: [
    { id: "hd_1", party: "northtel", channel: "phone", liveUntil: 185_000 },
    { id: "hd_2", party: "orchard", channel: "chat", liveUntil: 182_500, silent: true },
  ],
  clocks: [clock],
  ended: [ended, { ...ended, overtaken: false }],
} satisfies CaseClocks;

test.each<[string, CaseClocks]>([
  ["a bare case", bare],
  ["a case with everything", busy],
  ["a case that its vendor holds", { ...busy, holder: "orchard", read: { case: 4, handoff: 0 } }],
  ["a case of which a fact was published just now", without(busy, "applied")],
  ["a case whose order was cut", { ...busy, applied: "cut" }],
  ["a case whose hand-off came first", { ...bare, read: { case: 1, handoff: 1 }, applied: [0, 1] }],
  ["what the customer wrote on a resolved case", { ...bare, status: "resolved", unanswered: true, needByMet: true }],
  ["a clock with a target of its own", { ...bare, clocks: [{ ...clock, targetMs: 60_000, own: true }] }],
  ["a clock whose own target is as long as its line's", { ...bare, clocks: [{ ...clock, own: true }] }],
  [
    "a clock of its own target and thresholds, as after a move",
    { ...bare, clocks: [{ ...clock, targetMs: 60_000, own: true, thresholds: [50, 100] }] },
  ],
  ["a clock that was recomputed by the last event", { ...bare, clocks: [{ ...clock, notBefore: lastEventAt }] }],
  ["a clock whose breach was overtaken", { ...bare, clocks: [{ ...clock, overtaken: true }] }],
  ["a clock that was recomputed before it", { ...bare, clocks: [{ ...clock, notBefore: 1_500 }] }],
  ["a clock that has counted nothing yet", { ...bare, clocks: [{ ...clock, counted: [], fired: [] }] }],
  [
    "a case that waits",
    { ...bare, status: "pending", waiting: { on: "vendor", maximumMs: 7_200_000 }, pendingSince: 4, answered: true },
  ],
  [
    "a case whose vendor has asked",
    { ...bare, handoff: { id: "ho_1", vendor: "orchard", accepted: false, asked: 6 }, needBy: 9_000 },
  ],
  [
    "a promise's clock",
    { ...bare, clocks: [{ ...clock, name: "promise/pr_1", kind: "promise", start: { by: "promise", id: "pr_1" } }] },
  ],
  ["a clock with another target than its line's", { ...bare, clocks: [{ ...clock, targetMs: 60_000 }] }],
  ["a clock with other thresholds than its line's", { ...bare, clocks: [{ ...clock, thresholds: [100] }] }],
  [
    "a clock that its line does not name",
    { ...bare, clocks: [{ ...clock, name: "last-resort", kind: "last-resort" }] },
  ],
  [
    "a clock of a hand-off",
    { ...bare, clocks: [{ ...clock, start: { by: "offer", id: "ho_1" }, charged: "orchard" }] },
  ],
  [
    "a clock of a hand-off's event",
    { ...bare, clocks: [{ ...clock, start: { by: "handoff", sequence: 3 }, counted: [], fired: [] }] },
  ],
  [
    "a clock that began with the last event",
    { ...bare, clocks: [{ ...clock, startedAt: 2500, counted: [], fired: [] }] },
  ],
])("%s is the same when it is read back, and stands on one line", (_, state) => {
  const text = encodeState(state, line, lastEventAt);
  expect(text).not.toContain("\n");
  expect(decodeState({ ...columns, lastEventAt }, JSON.parse(text), line)).toEqual(state);
});

test("a case with a live handling takes little more than a hundred bytes", () => {
  const handlings = [
    { id: "hd_01j0000000000000000000000", party: "northtel", channel: "phone", liveUntil: 182_500 },
  ] as const;
  const counted = [{ from: 2500, to: 182_500 }];
  const state = { ...bare, handlings, clocks: [{ ...clock, startedAt: 2500, counted, fired: [] }] };
  expect(encodeState(state, line, lastEventAt).length).toBeLessThan(110);
});

function without(state: CaseClocks, part: "applied"): CaseClocks {
  const { [part]: _, ...rest } = state;
  return rest;
}

test("a target beside the place in the line is the clock's own", () => {
  const live = compileLine(ref, {
    ...busyLine,
    clocks: [{ kind: "first-response", target: { live: "PT15M", else: "PT4H" }, warnAt: [] }],
  });
  const stored = ["n", "i", 0, 1, 0, [[[0, 900_000], 1, 0, [0]]]] as const;
  const state = decodeState({ ...columns, lastEventAt }, stored, live);
  expect(state.clocks).toMatchObject([{ name: "first-response", targetMs: 900_000, own: true }]);
  expect(encodeState(state, live, lastEventAt)).toBe(JSON.stringify(stored));
});

test("a trace lies with the state, and costs nothing where there is none", () => {
  const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  expect(traceOf(JSON.parse(encodeState(bare, line, lastEventAt, trace)))).toBe(trace);
  expect(traceOf(JSON.parse(encodeState(bare, line, lastEventAt)))).toBeUndefined();
  expect(
    decodeState({ ...columns, lastEventAt }, JSON.parse(encodeState(bare, line, lastEventAt, trace)), line),
  ).toEqual(bare);
});
