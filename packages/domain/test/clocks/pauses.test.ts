import { expect, test } from "vitest";
import { DrivenCase, line } from "../given.ts";

const resting = line({
  clocks: [
    { kind: "resolution", target: "PT4H", warnAt: [50], pausedWhile: ["customer", "accepted"] },
    { kind: "stall.idle", target: "PT2H", warnAt: [], pausedWhile: ["held"] },
  ],
});
const status = (to: string, waitingOn?: string) => ({ from: "inProgress", to, ...(waitingOn && { waitingOn }) });

test("a clock rests while what its line names is so, and goes on after it", () => {
  const driven = new DrivenCase(resting).open();
  driven.event("10:00", "case.status-changed", status("pending", "customer"));
  expect(driven.due("resolution")).toBeUndefined();
  driven.event("12:00", "case.status-changed", status("inProgress"));
  expect(driven.due("resolution")).toBe("15:00");
});

test("waiting for somebody else is no reason", () => {
  const driven = new DrivenCase(resting).open().event("10:00", "case.status-changed", status("pending", "vendor"));
  expect(driven.due("resolution")).toBe("13:00");
});

test("two reasons at once: it goes on when none holds any more", () => {
  const one = { handoffId: "ho_1", vendor: "orchard", actor: { party: "orchard", automated: false } };
  const driven = new DrivenCase(resting).open().event("09:30", "handoff.offered", one);
  driven.event("10:00", "handoff.accepted", one).event("10:30", "case.status-changed", status("pending", "customer"));
  driven.event("11:00", "handoff.returned", one);
  expect(driven.due("resolution")).toBeUndefined();
  driven.event("12:00", "case.status-changed", status("inProgress"));
  expect(driven.due("resolution")).toBe("15:00");
});

test("a clock that counts by itself rests on top of that", () => {
  const driven = new DrivenCase(resting).open().event("10:00", "case.status-changed", status("held"));
  expect(driven.due("stall.idle")).toBeUndefined();
  driven.event("10:30", "case.status-changed", {
    ...status("inProgress"),
    actor: { party: "northtel", automated: true },
  });
  expect(driven.due("stall.idle")).toBe("12:30");
});

test("a clock that starts while it has to rest has counted nothing", () => {
  const driven = new DrivenCase(resting).open("09:00", { status: "held" });
  expect(driven.due("stall.idle")).toBeUndefined();
  driven.event("10:00", "case.status-changed", {
    from: "held",
    to: "inProgress",
    actor: { party: "northtel", automated: true },
  });
  expect(driven.due("stall.idle")).toBe("12:00");
});
