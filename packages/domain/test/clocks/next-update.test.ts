import { expect, test } from "vitest";
import { DrivenCase, line } from "../given.ts";

const updates = line({
  clocks: [
    { kind: "first-response", target: "PT4H", warnAt: [] },
    { kind: "next-update", target: "PT1H", warnAt: [] },
  ],
});
const inbound = { contactId: "ct_1", channel: "mail", direction: "inbound", content: "inquiry" };
const outbound = { ...inbound, direction: "outbound", content: "answer" };
const named = (driven: DrivenCase): string[] => driven.fired.filter((fired) => !fired.includes("stall"));

test("⚠ next-update does not run before the first response", () => {
  const driven = new DrivenCase(updates).open("09:00", { channel: "mail" });
  driven.event("09:30", "case.contacted", inbound);
  expect(driven.running).not.toContain("next-update");
  driven.event("10:00", "case.contacted", outbound).event("11:00", "case.contacted", inbound);
  expect(driven.due("next-update")).toBe("12:00");
  expect(named(driven.until("12:01"))).toEqual(["12:00 next-update"]);
});

test("⚠ a contact after the last answer starts next-update, and a second contact does not delay the deadline", () => {
  const driven = new DrivenCase(updates).open("09:00", { channel: "mail" }).event("09:10", "case.contacted", outbound);
  driven.event("10:00", "case.contacted", inbound).event("10:50", "case.contacted", inbound);
  expect(driven.due("next-update")).toBe("11:00");
});

test("a program's message and a link to an article are no answers, but a live handling is an answer", () => {
  const driven = new DrivenCase(updates).open("09:00", { channel: "mail" }).event("09:10", "case.contacted", outbound);
  driven.event("10:00", "case.contacted", inbound);
  const robot = { party: "northtel", automated: true };
  driven.event("10:10", "case.contacted", { ...outbound, actor: robot });
  driven.event("10:20", "case.contacted", { ...outbound, content: "article" });
  expect(driven.running).toContain("next-update");
  driven.event("10:30", "handling.started", { handlingId: "a", channel: "phone" });
  expect(driven.running).not.toContain("next-update");
});
