import { expect, test } from "vitest";
import { DrivenCase, line } from "../given.ts";

const bySeverity = line({
  clocks: [
    {
      kind: "resolution",
      target: { critical: "PT2H", major: "PT4H", else: "PT8H" },
      warnAt: [50],
      pausedWhile: ["customer"],
    },
  ],
});
const severity = (from: string, to: string) => ({ from, to });

test("⚠ a change of severity keeps all earlier pauses", () => {
  const driven = new DrivenCase(bySeverity).open();
  driven.event("10:00", "case.status-changed", { from: "inProgress", to: "pending", waitingOn: "customer" });
  driven.event("13:00", "case.status-changed", { from: "pending", to: "inProgress" });
  expect(driven.due("resolution")).toBe("20:00");
  driven.event("13:30", "case.severity-changed", severity("minor", "major"));
  expect(driven.due("resolution")).toBe("16:00"); // The clock has counted one and a half of its four hours.
  expect(driven.messages.at(-1)).toMatchObject({
    type: "clock.recomputed",
    data: { clock: "resolution", cause: "severity", old: { targetMs: 28_800_000 }, new: { targetMs: 14_400_000 } },
  });
});

test("⚠ a firing is never undone", () => {
  const driven = new DrivenCase(bySeverity).open("09:00", { severity: "critical" }).until("11:01");
  const fired = driven.fired;
  driven.event("11:01", "case.severity-changed", severity("critical", "minor")).until("+1 09:00");
  expect(driven.fired.filter((one) => one.includes("resolution"))).toEqual(
    ["10:00 resolution 50", "11:00 resolution", "recomputed resolution"].filter(
      (one) => fired.includes(one) || one.startsWith("recomputed"),
    ),
  );
});

test("a deadline that is recomputed into the past is due now", () => {
  const driven = new DrivenCase(bySeverity).open().until("12:00");
  driven.event("12:00", "case.severity-changed", severity("minor", "critical")).until("12:01");
  expect(driven.fired.filter((one) => one.endsWith("resolution") || one.endsWith("50"))).toEqual([
    "recomputed resolution",
    "12:00 resolution 50",
    "12:00 resolution",
  ]);
});

test.each([
  ["different from the target by severity", "PT4H", "PT30M"],
  ["equal to the target by severity", "PT30M", "PT30M"],
])(
  "a change of severity changes neither a target for live contacts nor the time that a step gives: %s",
  (_, otherwise, acceptWithin) => {
    const own = line({
      clocks: [
        { kind: "first-response", target: { live: "PT15M", critical: "PT1H", else: "PT15M" }, warnAt: [] },
        { kind: "vendor.acceptance", target: { critical: "PT5M", else: otherwise }, warnAt: [] },
      ],
    });
    const driven = new DrivenCase(own).open();
    driven.event("09:05", "handoff.offered", { handoffId: "ho_1", vendor: "orchard", acceptWithin });
    driven.event("09:06", "case.severity-changed", severity("minor", "critical"));
    expect([driven.due("first-response"), driven.due("vendor.acceptance")]).toEqual(["09:15", "09:35"]);
  },
);

test("a change of severity keeps a clock's own target, even if the target of the former severity is equal to this target", () => {
  const same = line({
    clocks: [
      { kind: "first-response", target: { live: "PT15M", critical: "PT15M", else: "PT4H" }, warnAt: [] },
      { kind: "vendor.acceptance", target: { critical: "PT5M", major: "PT30M", else: "PT4H" }, warnAt: [] },
    ],
  });
  const offer = { handoffId: "ho_1", vendor: "orchard" };
  const offered = (acceptWithin?: string): DrivenCase =>
    new DrivenCase(same)
      .open("09:00", { severity: "major" })
      .event("09:05", "handoff.offered", { ...offer, ...(acceptWithin && { acceptWithin }) })
      .event("09:06", "case.severity-changed", severity("major", "minor"));
  expect(offered("PT30M").due("vendor.acceptance")).toBe("09:35");
  expect(offered().due("vendor.acceptance")).toBe("13:05");
  const opened = (channel: string): DrivenCase =>
    new DrivenCase(same)
      .open("09:00", { severity: "critical", channel })
      .event("09:06", "case.severity-changed", severity("critical", "minor"));
  expect(opened("phone").due("first-response")).toBe("09:15");
  expect(opened("mail").due("first-response")).toBe("13:00");
});

test("a change to a severity with the same target recomputes no deadline", () => {
  const driven = new DrivenCase(line({ clocks: [{ kind: "resolution", target: "PT4H", warnAt: [] }] })).open();
  driven.event("10:00", "case.severity-changed", severity("minor", "major"));
  expect(driven.fired.filter((one) => one.includes("resolution"))).toEqual([]);
});
