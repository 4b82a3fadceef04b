import { expect, test } from "vitest";
import { DrivenCase, at, line } from "../given.ts";

const resting = line({
  clocks: [
    { kind: "resolution", target: "PT4H", warnAt: [50], pausedWhile: ["customer", "accepted"] },
    { kind: "stall.idle", target: "PT2H", warnAt: [], pausedWhile: ["held"] },
  ],
});
const status = (to: string, waitingOn?: string) => ({ from: "inProgress", to, ...(waitingOn && { waitingOn }) });

test("a clock pauses in the states that its line names, and resumes when the state changes", () => {
  const driven = new DrivenCase(resting).open();
  driven.event("10:00", "case.status-changed", status("pending", "customer"));
  expect(driven.due("resolution")).toBeUndefined();
  driven.event("12:00", "case.status-changed", status("inProgress"));
  expect(driven.due("resolution")).toBe("15:00");
});

test("a pause for another party does not pause a clock if the line does not name `pending`", () => {
  const driven = new DrivenCase(resting).open().event("10:00", "case.status-changed", status("pending", "vendor"));
  expect(driven.due("resolution")).toBe("13:00");
});

test("a clock that pauses for two reasons resumes after the last reason ends", () => {
  const one = { handoffId: "ho_1", vendor: "orchard", actor: { party: "orchard", automated: false } };
  const driven = new DrivenCase(resting).open().event("09:30", "handoff.offered", one);
  driven.event("10:00", "handoff.accepted", one).event("10:30", "case.status-changed", status("pending", "customer"));
  driven.event("11:00", "handoff.returned", one);
  expect(driven.due("resolution")).toBeUndefined();
  driven.event("12:00", "case.status-changed", status("inProgress"));
  expect(driven.due("resolution")).toBe("15:00");
});

test("stall.idle pauses in a status that its line names, and resumes after a program's change of status", () => {
  const driven = new DrivenCase(resting).open().event("10:00", "case.status-changed", status("held"));
  expect(driven.due("stall.idle")).toBeUndefined();
  driven.event("10:30", "case.status-changed", {
    ...status("inProgress"),
    actor: { party: "northtel", automated: true },
  });
  expect(driven.due("stall.idle")).toBe("12:30");
});

test("a clock that starts during a pause has counted no time", () => {
  const driven = new DrivenCase(resting).open("09:00", { status: "held" });
  expect(driven.due("stall.idle")).toBeUndefined();
  driven.event("10:00", "case.status-changed", {
    from: "held",
    to: "inProgress",
    actor: { party: "northtel", automated: true },
  });
  expect(driven.due("stall.idle")).toBe("12:00");
});

test("if a pause began before a breach and the timer reads the pause after the breach, the pause overtakes the firing once", () => {
  const driven = new DrivenCase(resting, "wall").open("09:00").until("13:01", at("13:01"));
  driven.event("12:58", "case.status-changed", status("pending", "customer"), at("13:01"));
  driven.event("12:59", "case.status-changed", status("inProgress"), at("13:01"));
  driven.event("12:59:30", "case.status-changed", status("pending", "customer"), at("13:01"));
  expect(driven.fired.filter((one) => one.endsWith("resolution"))).toEqual([
    "13:00 resolution",
    "overtaken resolution",
  ]);
});

test("a late reopening removes no time that the clock counted before a pause", () => {
  const part = line({ clocks: [{ kind: "resolution", target: "PT4H", warnAt: [50], pausedWhile: ["offered"] }] });
  const one = { handoffId: "ho_1", vendor: "orchard", actor: { party: "northtel", automated: true } };
  const driven = new DrivenCase(part).open().event("10:00", "handoff.offered", one);
  // The timer reads the offer before the resolution and the reopening, which are older.
  driven.event("09:30", "case.recorded", { status: "resolved", actor: { party: "northtel", automated: false } });
  driven.event("09:30", "case.recorded", { status: "inProgress", actor: { party: "northtel", automated: false } });
  driven.event("11:00", "handoff.withdrawn", { ...one, reason: "case-ended" });
  // The clock has counted the hour from 09:00 until the offer, so three of its four hours are left.
  expect(driven.due("resolution")).toBe("14:00");
});
