import { expect, test } from "vitest";
import { DrivenCase, line } from "../given.ts";

const keys = line({
  clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }],
  needBy: { cure: "PT6H", margin: "PT30M" },
});

test("a need-by is due at the latest safe crossing", () => {
  const driven = new DrivenCase(keys).open("09:00", { needBy: "2026-03-07T20:00:00-05:00" });
  expect(driven.due("need-by")).toBe("13:30");
});

test("⚠ a threshold whose deadline would be before the start of its clock is due at the start", () => {
  const driven = new DrivenCase(keys).open("09:00", { needBy: "2026-03-07T12:00:00-05:00" });
  expect(driven.until("09:01").fired).toEqual(["09:00 need-by"]);
});

test("the customer's confirmation meets a need-by, and so does a kept promise that was made for the need-by", () => {
  const opened = (): DrivenCase => new DrivenCase(keys).open("09:00", { needBy: "2026-03-07T20:00:00-05:00" });
  const resolved = (): DrivenCase => opened().event("10:00", "case.resolved", { from: "inProgress" });
  expect(resolved().due("need-by")).toBeUndefined();
  expect(resolved().event("10:10", "case.confirmed").running).not.toContain("need-by");
  const delivered = { promiseId: "pr_1", promisor: "orchard", evidence: "here", kept: true };
  const deliver = (data: object): DrivenCase => opened().event("10:00", "promise.delivered", { ...delivered, ...data });
  expect(deliver({ for: "need-by" }).running).not.toContain("need-by");
  // A promise that was not made for the need-by does not meet the need-by, and neither does a late delivery.
  expect(deliver({}).due("need-by")).toBe("13:30");
  expect(deliver({ for: "need-by", kept: false }).due("need-by")).toBe("13:30");
});

const promise = { promiseId: "pr_1", promisor: "orchard", text: "keys", until: "2026-03-07T12:30:00-05:00" };

test("a promise is due at the end of its window, and a delivery exactly at the end is in time", () => {
  const made = (): DrivenCase => new DrivenCase(keys).open().event("09:10", "promise.made", promise);
  const delivered = { promiseId: "pr_1", promisor: "orchard", evidence: "here", kept: true };
  const breaches = (driven: DrivenCase): string[] => driven.fired.filter((fired) => fired.includes("promise"));
  expect(breaches(made().event("12:30", "promise.delivered", delivered).until("14:00"))).toEqual([]);
  expect(breaches(made().until("12:31"))).toEqual(["12:30 promise/pr_1"]);
  expect(
    breaches(
      made()
        .event("12:00", "promise.withdrawn", { ...promise, reason: "no" })
        .until("14:00"),
    ),
  ).toEqual([]);
});

test("two promises have two clocks", () => {
  const other = { ...promise, promiseId: "pr_2", until: "2026-03-07T11:00:00-05:00" };
  const driven = new DrivenCase(keys)
    .open()
    .event("09:10", "promise.made", promise)
    .event("09:20", "promise.made", other);
  expect([driven.due("promise/pr_1"), driven.due("promise/pr_2")]).toEqual(["12:30", "11:00"]);
});

test("a joint case has a clock that a joint session ends", () => {
  const declared = { accountable: "northtel", parties: ["northtel", "orchard"], returns: 2, handoffId: "ho_1" };
  const driven = new DrivenCase(keys).open().event("10:00", "joint.declared", declared);
  expect(driven.due("joint")).toBe("12:00");
  driven.event("11:00", "joint.session-held", { parties: ["northtel", "orchard"], outcome: "found" });
  expect(driven.running).not.toContain("joint");
});

test("the clock `resolution` pauses at a resolution and resumes at a reopening", () => {
  const driven = new DrivenCase(line({ clocks: [{ kind: "resolution", target: "PT4H", warnAt: [] }] })).open();
  driven.event("10:00", "case.resolved", { from: "inProgress" });
  expect(driven.due("resolution")).toBeUndefined();
  driven.event("12:00", "case.reopened", { from: "resolved", reason: "still broken" });
  expect(driven.due("resolution")).toBe("15:00");
});

test("the clock of a step's page runs until a person takes the case", () => {
  const page = { pageId: "pg_1", roster: "orchard.duty", reason: "step", acceptWithin: "PT10M" };
  const driven = new DrivenCase(keys).open().event("09:10", "roster.paged", page);
  expect(driven.due("vendor.acceptance")).toBe("09:20");
  expect(driven.state?.clocks.find(({ name }) => name === "vendor.acceptance")?.charged).toBe("orchard");
  expect(driven.event("09:15", "handoff.taken").running).not.toContain("vendor.acceptance");
});
