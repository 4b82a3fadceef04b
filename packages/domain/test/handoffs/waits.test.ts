import { expect, test } from "vitest";
import { waitFor } from "../../src/index.ts";
import { DrivenHandoff, twoSteps } from "./driven-handoff.ts";

const cured = (): DrivenHandoff =>
  new DrivenHandoff().open().cross("09:10").accept("09:12").execute("09:30", { type: "resolve", fixCode: "reset" });

test("a firing between `handoff.resolved` and `case.resolved` does not cross the case, because the fix waits for its confirmation", () => {
  const driven = cured().breach("09:31", "stall.busy", "case/1").cross("09:32");
  expect(driven.types.at(-1)).toBe("handoff.resolved");
  expect(waitFor(driven.crossing, "confirmation")?.handoff.vendor).toBe("orchard");
});

test("a confirmation or a reopening ends the wait for the confirmation, and routing can then take line steps again", () => {
  const confirmed = cured().event("09:31", "case.resolved", { from: "inProgress" }).event("10:00", "case.confirmed");
  expect(confirmed.types.at(-1)).toBe("handoff.confirmed");
  expect(confirmed.crossing.waits).toEqual({ for: "step" });
  const reopened = cured().event("09:31", "case.resolved", { from: "inProgress" });
  reopened.event("10:00", "case.reopened", { from: "resolved", reason: "still broken" });
  expect(reopened.types.at(-1)).toBe("handoff.reopened");
  expect(reopened.breach("11:00", "stall.busy", "case/9").types.at(-1)).toBe("handoff.offered");
});

test("a solved case has no open page or call, but its fix waits for the confirmation", () => {
  const called = new DrivenHandoff(twoSteps({ crossing: [] })).open().cross("09:10");
  expect(called.crossing.waits).toMatchObject({ for: "last-resort", call: 1 });
  expect(called.event("09:11", "case.resolved", { from: "inProgress" }).crossing.waits).toEqual({ for: "step" });
  const resolvedCase = cured().event("09:31", "case.resolved", { from: "inProgress" });
  expect(resolvedCase.crossing.waits).toMatchObject({ for: "confirmation" });
});
