import type { CaseClocks, EndedClock } from "@crossline/domain";
import { expect, test } from "vitest";
import { decodeState, encodeState } from "../src/store/stored-state.ts";

const clock = {
  name: "stall.busy",
  kind: "stall.busy",
  incarnation: "case/2",
  charged: "northtel",
  startedAt: 1000,
  targetMs: 1_200_000,
  thresholds: [50, 75, 90, 100],
  counted: [{ from: 1000, to: 2000 }, { from: 3000 }],
  fired: [{ dueAt: 601_000, firedAt: 601_004 }],
} as const;
const ended: EndedClock = { ...clock, name: "stall.idle", kind: "stall.idle", endedAt: 4000, overtaken: true };
const columns = {
  caseId: "cs_1",
  timeline: "wall",
  carrier: "northtel",
  line: { carrier: "northtel", name: "busy", version: 3 },
};
const bare: CaseClocks = {
  ...columns,
  severity: "minor",
  status: "inProgress",
  holder: "northtel",
  crossed: false,
  sequence: 0,
  read: { case: 1, handoff: 0 },
  handlings: [],
  clocks: [],
  ended: [],
};

test.each([
  ["a bare case", bare],
  [
    "a case with everything",
    {
      ...bare,
      crossed: true,
      sequence: 7,
      read: { case: 12, handoff: 3 },
      handlings: [{ id: "hd_1", party: "northtel", channel: "phone", lastBeatAt: 5000 }],
      clocks: [clock],
      ended: [ended, { ...ended, overtaken: false }],
    } satisfies CaseClocks,
  ],
])("%s is the same when it is read back, and stands on one line", (_, state) => {
  const text = encodeState(state);
  expect(text).not.toContain("\n");
  expect(decodeState(columns, JSON.parse(text))).toEqual(state);
});

test("a trace lies with the state, and costs nothing where there is none", () => {
  const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  expect(encodeState(bare, trace)).toContain(trace);
  expect(encodeState(bare)).not.toContain("trace");
});
