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

test("a running case keeps its line until it is moved; then its counted time is held against the new target", () => {
  const driven = new DrivenCase(before).open().until("10:30").move("10:30", after);
  expect(driven.state?.line.version).toBe(2);
  expect(driven.due("resolution")).toBe("13:00");
  expect(driven.running).not.toContain("first-response"); // The new line has none.
  expect(driven.due("stall.idle")).toBe("11:30"); // A person has moved it: a sign of life.
});

test("thresholds that fired stay fired, those of the new line follow", () => {
  const driven = new DrivenCase(before).open().until("13:01").move("13:01", after).until("13:02");
  expect(driven.fired.filter((one) => one.includes("resolution"))).toEqual([
    "13:00 resolution 50",
    "recomputed resolution",
    "13:01 resolution 75",
    "13:01 resolution",
  ]);
});

test("a promise goes on under every line", () => {
  const promise = { promiseId: "pr_1", promisor: "northtel", text: "a call", until: "2026-03-07T12:00:00-05:00" };
  const driven = new DrivenCase(before).open().event("09:10", "promise.made", promise).move("09:20", after);
  expect(driven.due("promise/pr_1")).toBe("12:00");
});

test("the preview says what a move would do, and does nothing", () => {
  const driven = new DrivenCase(before).open().until("10:30");
  const state = driven.state;
  if (state === undefined) throw new Error("the case is open");
  const preview = previewMove(state, before, after, at("10:30"));
  expect(preview.find(({ clock }) => clock === "resolution")).toMatchObject({
    old: { targetMs: 28_800_000, dueAt: "2026-03-07T22:00:00Z" },
    new: { targetMs: 14_400_000, dueAt: "2026-03-07T18:00:00Z" },
  });
  expect(preview.find(({ clock }) => clock === "first-response")).not.toHaveProperty("new");
  expect(state.line.version).toBe(1);
});
