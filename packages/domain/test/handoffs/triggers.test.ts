import { openHandoffOf } from "../../src/index.ts";
import { describe, expect, test } from "vitest";
import { DrivenHandoff, twoSteps } from "./driven-handoff.ts";

const inbound = { contactId: "ct", channel: "chat", direction: "inbound", content: "inquiry" };
const crossed = (driven: DrivenHandoff): string | undefined =>
  driven.messages.find(({ type }) => type === "handoff.offered") && driven.last("handoff.offered").data.trigger;

describe("a trigger for contacts within a period", () => {
  const thrice = twoSteps({ triggers: [{ on: "contacts", count: 3, within: "P7D" }] });

  test("the trigger takes the next step at the third contact within seven days, and the opening counts as a contact", () => {
    const driven = new DrivenHandoff(thrice).open().event("10:00", "case.contacted", inbound);
    expect(driven.types).toEqual([]);
    expect(crossed(driven.event("+6 10:00", "case.contacted", inbound))).toBe("contacts");
  });

  test("the trigger does not count answers, or contacts before the period", () => {
    const driven = new DrivenHandoff(thrice).open().event("+4 10:00", "case.contacted", inbound);
    driven.event("+5 10:00", "case.contacted", { ...inbound, direction: "outbound", content: "answer" });
    expect(driven.event("+8 10:00", "case.contacted", inbound).types).toEqual([]);
  });

  test("the trigger has no effect while an offer is open", () => {
    const driven = new DrivenHandoff(thrice).open().cross("09:30").event("10:00", "case.contacted", inbound);
    driven.event("11:00", "case.contacted", inbound);
    expect(driven.types).toEqual(["handoff.offered"]);
  });
});

test("routing takes the next step when the severity reaches the trigger's limit", () => {
  const raised = twoSteps({ triggers: [{ on: "severity", reaches: "critical" }] });
  const driven = new DrivenHandoff(raised)
    .open()
    .event("09:30", "case.severity-changed", { from: "minor", to: "major" });
  expect(driven.types).toEqual([]);
  expect(crossed(driven.event("09:40", "case.severity-changed", { from: "major", to: "critical" }))).toBe("severity");
});

test("the trigger for a severity ignores a lowered severity", () => {
  const raised = twoSteps({ triggers: [{ on: "severity", reaches: "major" }] });
  const driven = new DrivenHandoff(raised).open("09:00", { severity: "critical" });
  expect(driven.event("09:30", "case.severity-changed", { from: "critical", to: "major" }).types).toEqual([]);
});

test("a reopening can be the trigger that makes routing take the next step", () => {
  const again = twoSteps({ triggers: [{ on: "reopened" }] });
  const driven = new DrivenHandoff(again).open().event("10:00", "case.resolved", { from: "inProgress" });
  expect(crossed(driven.event("11:00", "case.reopened", { from: "resolved", reason: "still broken" }))).toBe(
    "reopened",
  );
});

test("routing takes the next step when the number of similar cases reaches the trigger's count", () => {
  const many = twoSteps({ triggers: [{ on: "alike", count: 3, within: "PT1H" }] });
  const alike = ["2026-03-07T08:30:00-05:00", "2026-03-07T08:50:00-05:00", "2026-03-07T09:00:00-05:00"];
  expect(crossed(new DrivenHandoff(many).open("09:00", { alike }))).toBe("alike");
  const long = ["2026-03-07T07:00:00-05:00", ...alike.slice(1)];
  expect(new DrivenHandoff(many).open("09:00", { alike: long }).types).toEqual([]);
});

test("routing takes the next step at the first return if the line has a trigger for one return", () => {
  const onward = twoSteps({ triggers: [{ on: "returns", count: 1 }] });
  const driven = new DrivenHandoff(onward).open().cross("09:10").accept("09:20").giveBack("09:40");
  expect(openHandoffOf(driven.crossing)?.queue).toBe("quill.care");
});

test("routing takes the next line step at the second transfer, instead of offering the case to the requested queue", () => {
  const enough = twoSteps({ triggers: [{ on: "transfers", count: 2 }] });
  const pass = { type: "transfer", code: "wrong-team", to: "orchard.tier2" };
  const driven = new DrivenHandoff(enough).open().cross("09:10").accept("09:20").execute("09:30", pass).accept("09:40");
  expect(openHandoffOf(driven.execute("09:50", { ...pass, to: "orchard.radio" }).crossing)?.queue).toBe("quill.care");
});
