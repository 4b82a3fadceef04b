import { expect, test } from "vitest";
import { DrivenCase, line } from "../given.ts";

const asking = line({ clocks: [{ kind: "information", target: "P1D", warnAt: [] }] });
const one = { handoffId: "ho_1", vendor: "orchard", actor: { party: "orchard", automated: false } };
const offered = (): DrivenCase =>
  new DrivenCase(asking).open().event("09:10", "handoff.offered", { ...one, acceptWithin: "PT1H" });

test("a request pauses the vendor's clock and starts the carrier's; the answer is the way back", () => {
  const driven = offered().event("09:30", "handoff.info-requested", { ...one, code: "needs-log", items: [] });
  expect(driven.due("vendor.acceptance")).toBeUndefined();
  expect(driven.due("information")).toBe("+1 09:30");
  expect(driven.state?.clocks.find(({ name }) => name === "information")).toMatchObject({
    charged: "northtel",
    incarnation: "handoff/2",
  });
  driven.event("12:00", "handoff.info-provided", { ...one, bestEffort: false });
  expect(driven.running).not.toContain("information");
  expect(driven.due("vendor.acceptance")).toBe("12:40"); // Twenty minutes of the hour are used up.
});

test.each([
  ["carrier", "northtel"],
  ["vendor", "orchard"],
  ["customer", "northtel"],
])("a case that waits for the %s charges whom it waits for", (waitingOn, charged) => {
  const driven = offered().event("10:00", "case.status-changed", { from: "inProgress", to: "pending", waitingOn });
  expect(driven.state?.clocks.find(({ name }) => name === "information")?.charged).toBe(charged);
});

test("a pause has a maximum of its own", () => {
  const pending = { from: "inProgress", to: "pending", waitingOn: "customer", maximum: "PT2H" };
  expect(offered().event("10:00", "case.status-changed", pending).due("information")).toBe("12:00");
});

test("where both wait, the request's clock follows on the other's", () => {
  const driven = offered().event("10:00", "case.status-changed", {
    from: "inProgress",
    to: "pending",
    waitingOn: "customer",
  });
  driven.event("10:10", "handoff.info-requested", { ...one, code: "needs-log", items: [] });
  expect(driven.state?.clocks.find(({ name }) => name === "information")?.incarnation).toBe("case/2");
  driven.event("11:00", "case.status-changed", { from: "pending", to: "inProgress" });
  expect(driven.state?.clocks.find(({ name }) => name === "information")?.incarnation).toBe("handoff/2");
});

test("where the case waits too when the question is over, its own wait goes on with a clock that says which", () => {
  const driven = offered().event("09:30", "handoff.info-requested", { ...one, code: "needs-log", items: [] });
  const pending = { from: "inProgress", to: "pending", waitingOn: "customer", maximum: "PT2H" };
  driven.event("10:00", "case.status-changed", pending);
  expect(driven.state?.clocks.find(({ name }) => name === "information")?.incarnation).toBe("handoff/2");
  driven.event("11:00", "handoff.accepted", one);
  expect(driven.state?.clocks.find(({ name }) => name === "information")?.incarnation).toBe("case/2");
  expect(driven.due("information")).toBe("13:00");
});
