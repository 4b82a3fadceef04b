import { expect, test } from "vitest";
import { type CaseClocks, type EndedClock, compileLine } from "@crossline/domain";
import { decodeState, encodeState, traceOf } from "../src/store/stored-state.ts";
import { busyLine } from "./records.ts";

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

/** A case with every value that a state can have. A new field of the state does not compile without a value here. */
const complete: Required<CaseClocks> = {
  ...busy,
  status: "pending",
  answered: true,
  unanswered: true,
  answers: [
    {
      messageId: "ms_1",
      start: { by: "case", sequence: 9 },
      clocks: [{ ...clock, counted: [{ from: 1000, to: 2000 }] }],
    },
  ],
  waiting: { on: "customer", maximumMs: 60_000 },
  pendingSince: 11,
  member: { incidentId: "ic_1", holder: "orchard", starts: [10, 12] },
  handoff: { id: "ho_1", vendor: "orchard", accepted: false, asked: 3 },
  needBy: 9_000,
  needByMet: true,
};

test.each<[string, CaseClocks]>([
  ["a case with every field of a state", complete],
  ["a case without clocks", bare],
  ["a case with all values", busy],
  ["a case with the vendor as holder", { ...busy, holder: "orchard", read: { case: 4, handoff: 0 } }],
  ["a case with a clock event as its last change", without(busy, "applied")],
  ["a case with a cut order", { ...busy, applied: "cut" }],
  [
    "a case with a hand-off record before the first case record",
    { ...bare, read: { case: 1, handoff: 1 }, applied: [0, 1] },
  ],
  ["a resolved case with an unanswered contact", { ...bare, status: "resolved", unanswered: true, needByMet: true }],
  ["a clock with its own target", { ...bare, clocks: [{ ...clock, targetMs: 60_000, own: true }] }],
  ["a clock with its own target, equal to the line's target", { ...bare, clocks: [{ ...clock, own: true }] }],
  [
    "a clock with its own target and thresholds, as after a move",
    { ...bare, clocks: [{ ...clock, targetMs: 60_000, own: true, thresholds: [50, 100] }] },
  ],
  ["a clock that the last event recomputed", { ...bare, clocks: [{ ...clock, notBefore: lastEventAt }] }],
  ["a clock with an overtaken breach", { ...bare, clocks: [{ ...clock, overtaken: true }] }],
  ["a clock that an earlier event recomputed", { ...bare, clocks: [{ ...clock, notBefore: 1_500 }] }],
  ["a clock that has counted nothing yet", { ...bare, clocks: [{ ...clock, counted: [], fired: [] }] }],
  [
    "a pending case",
    { ...bare, status: "pending", waiting: { on: "vendor", maximumMs: 7_200_000 }, pendingSince: 4, answered: true },
  ],
  [
    "a case with an open information request",
    { ...bare, handoff: { id: "ho_1", vendor: "orchard", accepted: false, asked: 6 }, needBy: 9_000 },
  ],
  [
    "a clock of a promise",
    { ...bare, clocks: [{ ...clock, name: "promise/pr_1", kind: "promise", start: { by: "promise", id: "pr_1" } }] },
  ],
  ["a clock with a target that differs from its line", { ...bare, clocks: [{ ...clock, targetMs: 60_000 }] }],
  ["a clock with thresholds that differ from its line", { ...bare, clocks: [{ ...clock, thresholds: [100] }] }],
  [
    "a clock that its line does not name",
    { ...bare, clocks: [{ ...clock, name: "last-resort", kind: "last-resort" }] },
  ],
  [
    "a clock of a hand-off",
    { ...bare, clocks: [{ ...clock, start: { by: "offer", id: "ho_1" }, charged: "orchard" }] },
  ],
  [
    "a clock of a hand-off event",
    { ...bare, clocks: [{ ...clock, start: { by: "handoff", sequence: 3 }, counted: [], fired: [] }] },
  ],
  [
    "a clock that started with the last event",
    { ...bare, clocks: [{ ...clock, startedAt: 2500, counted: [], fired: [] }] },
  ],
])("%s is encoded as text without a newline character, and is decoded to the same state", (_, state) => {
  const text = encodeState(state, line, lastEventAt);
  expect(text).not.toContain("\n");
  expect(decodeState({ ...columns, lastEventAt }, JSON.parse(text), line)).toEqual(state);
});

test("a case with a live handling takes less than 110 bytes", () => {
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

test("the state stores a clock's own target beside the index of the rule", () => {
  const live = compileLine(ref, {
    ...busyLine,
    clocks: [{ kind: "first-response", target: { live: "PT15M", else: "PT4H" }, warnAt: [] }],
  });
  const stored = ["n", "i", 0, 1, 0, [[[0, 900_000], 1, 0, [0]]]] as const;
  const state = decodeState({ ...columns, lastEventAt }, stored, live);
  expect(state.clocks).toMatchObject([{ name: "first-response", targetMs: 900_000, own: true }]);
  expect(encodeState(state, live, lastEventAt)).toBe(JSON.stringify(stored));
});

test("the stored state contains a trace only if the case has a trace", () => {
  const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  expect(traceOf(JSON.parse(encodeState(bare, line, lastEventAt, trace)))).toBe(trace);
  expect(traceOf(JSON.parse(encodeState(bare, line, lastEventAt)))).toBeUndefined();
  expect(
    decodeState({ ...columns, lastEventAt }, JSON.parse(encodeState(bare, line, lastEventAt, trace)), line),
  ).toEqual(bare);
});
