import { expect, test } from "vitest";
import { DrivenCase, line } from "../given.ts";
import { PlayedCase } from "./played.ts";

const support = { clocks: [{ kind: "stall.idle" as const, target: "PT2H", warnAt: [] }] };
const mail = { contactId: "ct_1", channel: "mail", direction: "inbound", content: "inquiry" };

test("every crossing line implies the clock `reply` with a target of one open day, and an observing line implies no such clock", () => {
  const replies = (document: object) => line({ ...support, ...document }).clocks.filter(({ kind }) => kind === "reply");
  expect(replies({})).toMatchObject([{ target: { minor: 86_400_000 }, thresholds: [100] }]);
  expect(replies({ mode: "observe" })).toEqual([]);
});

test("at each breach of `reply`, routing pages the next roster and the timer starts the next incarnation, until a person answers", () => {
  const one = new PlayedCase(support).resolve("10:00").contact("12:00");
  expect(one.clock("reply")).toEqual({ since: "case/3", due: "+1 12:00" });
  one.until("+2 12:01");
  expect(one.pages("reply")).toEqual(["+1 12:00 northtel.duty", "+2 12:00 northtel.lead"]);
  expect(one.clock("reply")?.since).toMatch(/^clock\//);
  one.contact("+2 13:00", { direction: "outbound", content: "article" });
  one.contact("+2 13:00", { direction: "outbound", content: "auto-reply" });
  expect(one.clock("reply")).toBeDefined();
  expect(one.answer("+2 14:00").clock("reply")).toBeUndefined();
});

test("the end or a reopening of the case does not change `reply`", () => {
  const one = new PlayedCase(support).resolve("10:00").contact("12:00").command("13:00", { type: "close" });
  expect(one.clock("reply")).toEqual({ since: "case/3", due: "+1 12:00" });
  expect(one.reopen("15:00").clock("reply")).toEqual({ since: "case/3", due: "+1 12:00" });
});

test("an inquiry on an unsolved case does not start `reply`", () => {
  const one = new PlayedCase(support).contact("10:00");
  expect(one.clock("reply")).toBeUndefined();
});

test("after a merge the reply is owed in the target case, and nothing is owed in the source case", () => {
  const driven = new DrivenCase(line(support)).open().event("10:00", "case.resolved", { from: "inProgress" });
  driven.event("11:00", "case.contacted", mail).event("12:00", "case.reopened", { from: "resolved", reason: "x" });
  expect(driven.running).toContain("reply");
  driven.event("13:00", "case.closed", { from: "reopened", reason: "merged", into: "cs_2" });
  expect(driven.running).toEqual([]);
  const owed = { clock: "reply", kind: "reply", charged: "northtel", leftMs: 3_600_000 };
  const other = new DrivenCase(line(support)).open().event("10:00", "case.merged", {
    from: "cs_1",
    carrierCaseId: "NT-1",
    reason: "the same",
    clocks: [{ ...owed, dueAt: "2026-03-07T11:00:00-05:00" }],
    contacts: { count: 1, byChannel: {}, lastAt: "2026-03-07T09:00:00-05:00" },
    entries: [],
  });
  expect(other.due("reply")).toBe("11:00");
});
