import { expect, test } from "vitest";
import { DrivenCase, line } from "../given.ts";

const asking = line({ clocks: [{ kind: "information", target: "P1D", warnAt: [] }] });
const one = { handoffId: "ho_1", vendor: "orchard", actor: { party: "orchard", automated: false } };
const offered = (): DrivenCase =>
  new DrivenCase(asking).open().event("09:10", "handoff.offered", { ...one, acceptWithin: "PT1H" });

test("an information request pauses the vendor's clock and starts the carrier's clock, and the carrier's reply does the opposite", () => {
  const driven = offered().event("09:30", "handoff.info-requested", { ...one, code: "needs-log", items: [] });
  expect(driven.due("vendor.acceptance")).toBeUndefined();
  expect(driven.due("information")).toBe("+1 09:30");
  expect(driven.state?.clocks.find(({ name }) => name === "information")).toMatchObject({
    charged: "northtel",
    start: { by: "handoff", sequence: 2 },
  });
  driven.event("12:00", "handoff.info-provided", { ...one, bestEffort: false });
  expect(driven.running).not.toContain("information");
  expect(driven.due("vendor.acceptance")).toBe("12:40"); // The clock has counted twenty minutes of its target of one hour.
});

test.each([
  ["carrier", "northtel"],
  ["vendor", "orchard"],
  ["customer", "northtel"],
])("a pause for the %s makes %s the charged party", (waitingOn, charged) => {
  const driven = offered().event("10:00", "case.status-changed", { from: "inProgress", to: "pending", waitingOn });
  expect(driven.state?.clocks.find(({ name }) => name === "information")?.charged).toBe(charged);
});

test("a pause ends at its own maximum", () => {
  const pending = { from: "inProgress", to: "pending", waitingOn: "customer", maximum: "PT2H" };
  expect(offered().event("10:00", "case.status-changed", pending).due("information")).toBe("12:00");
});

test("if a pause and an information request overlap, the clock of the request starts when the clock of the pause ends", () => {
  const driven = offered().event("10:00", "case.status-changed", {
    from: "inProgress",
    to: "pending",
    waitingOn: "customer",
  });
  driven.event("10:10", "handoff.info-requested", { ...one, code: "needs-log", items: [] });
  expect(driven.start("information")).toBe("case/2");
  driven.event("11:00", "case.status-changed", { from: "pending", to: "inProgress" });
  expect(driven.start("information")).toBe("handoff/2");
});

test("the clock of a pause continues if the carrier replies to the vendor's information request before the pause ends", () => {
  const driven = offered().event("10:00", "handoff.info-requested", { ...one, code: "needs-log", items: [] });
  driven.event("10:10", "case.status-changed", {
    from: "inProgress",
    to: "pending",
    waitingOn: "customer",
    maximum: "PT2H",
  });
  expect(driven.start("information")).toBe("handoff/2");
  driven.event("11:00", "handoff.info-provided", { ...one, bestEffort: false });
  expect(driven.state?.clocks.find(({ name }) => name === "information")).toMatchObject({
    start: { by: "case", sequence: 2 }, // From the start of the clock, intake knows which pause the breach ends.
    charged: "northtel",
  });
  expect(driven.due("information")).toBe("13:00");
});

test("a pass pauses one company's clock and starts the other company's clock in the same decision", () => {
  const driven = offered();
  const before = driven.running;
  driven.event("09:30", "handoff.info-requested", { ...one, code: "needs-log", items: [] });
  expect(before).not.toContain("information");
  expect(driven.running).toContain("information");
  expect(driven.due("vendor.acceptance")).toBeUndefined();
});
