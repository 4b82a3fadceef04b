import { expect, test } from "vitest";
import { DrivenCase, line } from "../given.ts";

import { type LineDocument } from "@crossline/contracts";
import { previewMove } from "../../src/index.ts";
import { at } from "../given.ts";

const version = (number: number, clocks: LineDocument["clocks"]) => {
  const compiled = line({ clocks });
  return { ...compiled, ref: { ...compiled.ref, version: number } };
};
const before = version(1, [
  { kind: "resolution", target: "PT8H", warnAt: [50] },
  { kind: "first-response", target: "PT4H", warnAt: [] },
]);
const after = version(2, [
  { kind: "resolution", target: "PT4H", warnAt: [25, 75] },
  { kind: "stall.idle", target: "PT1H", warnAt: [] },
]);

test("an open case keeps its line until a move, and after the move the counted time of a clock counts towards the new target", () => {
  const driven = new DrivenCase(before).open().until("10:30").move("10:30", after);
  expect(driven.state?.line.version).toBe(2);
  expect(driven.due("resolution")).toBe("13:00");
  expect(driven.running).not.toContain("first-response"); // The new line has no clock `first-response`.
  expect(driven.due("stall.idle")).toBe("11:30"); // A move by a person is a sign of life.
});

test("after a move, firings stay valid, and the thresholds of the new line are due next", () => {
  const driven = new DrivenCase(before).open().until("13:01").move("13:01", after).until("13:02");
  expect(driven.fired.filter((one) => one.includes("resolution"))).toEqual([
    "13:00 resolution 50",
    "recomputed resolution",
    "13:01 resolution 75",
    "13:01 resolution",
  ]);
});

test("a move to any line does not change the deadline of a promise", () => {
  const promise = { promiseId: "pr_1", promisor: "northtel", text: "a call", until: "2026-03-07T12:00:00-05:00" };
  const driven = new DrivenCase(before).open().event("09:10", "promise.made", promise).move("09:20", after);
  expect(driven.due("promise/pr_1")).toBe("12:00");
});

test("the preview shows the effect of a move and changes nothing", () => {
  const driven = new DrivenCase(before).open().until("10:30");
  const state = driven.state;
  if (state === undefined) throw new Error("the case has no clocks");
  const preview = previewMove(state, before, after, at("10:30"));
  expect(preview.find(({ clock }) => clock === "resolution")).toMatchObject({
    old: { targetMs: 28_800_000, dueAt: "2026-03-07T22:00:00Z" },
    new: { targetMs: 14_400_000, dueAt: "2026-03-07T18:00:00Z" },
  });
  expect(preview.find(({ clock }) => clock === "first-response")).not.toHaveProperty("new");
  expect(state.line.version).toBe(1);
});

test("a move changes neither the time of an offer nor the maximum of a pause, and handlings follow the new line", () => {
  const one = version(1, [{ kind: "first-response", target: { live: "PT15M", else: "PT4H" }, warnAt: [] }]);
  const two = version(2, [{ kind: "first-response", target: { live: "PT20M", else: "PT4H" }, warnAt: [] }]);
  const driven = new DrivenCase(one).open();
  driven.event("09:02", "handoff.offered", { handoffId: "ho_1", vendor: "orchard", acceptWithin: "PT1H" });
  const pending = { from: "acknowledged", to: "pending", waitingOn: "customer", maximum: "PT2H" };
  driven.event("09:03", "case.status-changed", pending).move("09:05", two);
  expect(driven.due("first-response")).toBe("09:20");
  expect(driven.due("vendor.acceptance")).toBe("10:02");
  expect(driven.due("information")).toBe("11:03");
});

test("after a move, the plan of the new line sets the deadline of the need-by", () => {
  const plan = (number: number, cure: string) => {
    const compiled = line({ clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }], needBy: { cure } });
    return { ...compiled, ref: { ...compiled.ref, version: number } };
  };
  const driven = new DrivenCase(plan(1, "PT6H")).open("09:00", { needBy: "2026-03-07T20:00:00-05:00" });
  expect(driven.due("need-by")).toBe("14:00");
  expect(driven.move("10:00", plan(2, "PT8H")).due("need-by")).toBe("12:00");
});

const measured = (number: number) => {
  const compiled = line({ mode: "observe", clocks: [{ kind: "stall.idle", target: "PT1H", warnAt: [] }] });
  return { ...compiled, ref: { ...compiled.ref, version: number } };
};

test("a move to a crossing line restarts a stall.idle that has breached under an observing line", () => {
  const driven = new DrivenCase(measured(1)).open().until("10:30");
  const program = { actor: { party: "northtel", automated: true } };
  driven.move("10:30", after, program);
  expect(driven.due("stall.idle")).toBe("11:30");
  expect(driven.until("11:31").fired.filter((one) => one.includes("idle"))).toEqual([
    "10:00 stall.idle",
    "11:30 stall.idle",
  ]);
});

test.each([
  ["confirmation", "case.resolved", { from: "acknowledged" }],
  ["information", "case.status-changed", { from: "acknowledged", to: "pending", waitingOn: "customer" }],
] as const)("the clock %s starts at the move if the former line had no such clock", (name, type, data) => {
  const driven = new DrivenCase(measured(1)).open().event("09:10", type, data);
  expect(driven.running).not.toContain(name);
  driven.move("09:30", after);
  expect(driven.start(name)).toBe("case/3");
});

test("a move to an observing line ends each clock that this line does not name, except promises, and the state keeps the ended clocks", () => {
  const promise = { promiseId: "pr_1", promisor: "northtel", text: "a call", until: "2026-03-07T12:00:00-05:00" };
  const driven = new DrivenCase(before).open().event("09:10", "promise.made", promise).until("13:01");
  driven.move("13:01", measured(2));
  expect(driven.running).toEqual(["promise/pr_1", "stall.idle"]);
  const ended = driven.state?.ended.map(({ name }) => name);
  expect(ended).toEqual(expect.arrayContaining(["resolution"]));
});

test("after a breach under the new line, the next incarnation of stall.idle has only the thresholds of the new line", () => {
  const warned = version(1, [{ kind: "stall.idle", target: "PT2H", warnAt: [20] }]);
  const program = { actor: { party: "northtel", automated: true } };
  const driven = new DrivenCase(warned).open().until("09:30").move("09:30", after, program).until("11:01");
  expect(driven.fired.filter((one) => !one.startsWith("recomputed") && one.includes("idle"))).toEqual([
    "09:24 stall.idle 20",
    "10:00 stall.idle",
    "11:00 stall.idle",
  ]);
});
