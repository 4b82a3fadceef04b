import { caseStatus, formatInstant } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import {
  type CaseState,
  customerActsOf,
  customerDue,
  customerHolderOf,
  customerSituationOf,
  openCase,
  situationSentence,
} from "../../src/index.ts";
import { DrivenCase, at, line } from "../given.ts";

const base = openCase(
  {
    id: "cs_00000000000000000000000001",
    timeline: "wall",
    line: { carrier: "northtel", name: "test", version: 1 },
    lineReason: "of the test",
    carrierCaseId: "NT-1",
    kind: "fault",
    severity: "major",
    title: "dead",
    channel: "phone",
    status: "acknowledged",
  },
  { party: "northtel", automated: false },
  at("09:00"),
).state;
const joint = { accountable: "orchard", parties: [], since: at("09:00"), returns: 2, persons: [] };
const day = 86_400_000;

describe("the situation", () => {
  test.each(caseStatus.options)("of a case that is %s has a sentence without a code", (status) => {
    const situation = customerSituationOf({ ...base, status });
    expect(situationSentence(situation, "northtel", () => "Northtel")).toMatch(/^[A-Z][^{}]*\.$/);
  });

  test("names the wait for the customer, and never the note of the wait", () => {
    const pending = (on: string): CaseState => ({ ...base, status: "pending", waiting: { on, note: "internal" } });
    expect(customerSituationOf(pending("customer"))).toBe("waiting-for-you");
    expect(customerSituationOf(pending("vendor"))).toBe("waiting");
  });

  test("of a merged case leads to the other case", () => {
    const merged: CaseState = { ...base, status: "closed", mergedInto: "cs_2" };
    expect([customerSituationOf(merged), customerActsOf(merged, at("09:00"))]).toEqual(["continued", []]);
  });
});

describe("the acts", () => {
  const acts = (more: Partial<CaseState>, instant = at("09:00")) => customerActsOf({ ...base, ...more }, instant);
  test("an unsolved case accepts additions, a resolved one also a verdict", () => {
    expect(acts({ status: "inProgress" })).toEqual(["add"]);
    expect(acts({ status: "resolved" })).toEqual(["works", "still-broken", "add"]);
  });
  test("a joint case without its root cause cannot be confirmed", () => {
    expect(acts({ status: "resolved", joint })).toEqual(["still-broken", "add"]);
    expect(acts({ status: "resolved", joint, rootCause: "memory" })).toEqual(["works", "still-broken", "add"]);
  });
  test("an ended case accepts additions for its letters time", () => {
    const ended = { status: "closed", endedAt: at("09:00"), lettersMs: day } as const;
    expect([acts(ended, at("+1 09:00")), acts(ended, at("+1 09:01"))]).toEqual([["add"], []]);
  });
});

test("the holder is on the page while the case is unsolved", () => {
  expect(customerHolderOf(base)).toEqual({ party: "northtel", since: at("09:00") });
  expect(customerHolderOf({ ...base, status: "resolved" })).toBeUndefined();
});

describe("the next answer to the customer", () => {
  const rules = line({
    clocks: [
      { kind: "first-response", target: "PT4H", warnAt: [50] },
      { kind: "stall.idle", target: "PT30M", warnAt: [] },
      { kind: "next-update", target: "PT1H", warnAt: [] },
    ],
  });
  const opened = () => new DrivenCase(rules).open("09:00", { channel: "mail" });
  const dueOf = ({ state }: DrivenCase) => {
    const due = state && customerDue(state, rules);
    return due && `${formatInstant(due.at)} ${due.clock.kind}`;
  };

  test("is the deadline of an answer, and not of a clock of the holder", () => {
    expect(dueOf(opened())).toBe("2026-03-07T18:00:00Z first-response");
  });
  test("is the end of an earlier promise", () => {
    const promised = opened().event("09:10", "promise.made", {
      promiseId: "pr_1",
      promisor: "northtel",
      text: "a call",
      until: "2026-03-07T15:00:00Z",
    });
    expect(dueOf(promised)).toBe("2026-03-07T15:00:00Z promise");
  });
  test("stays after its breach until a person answers", () => {
    const late = opened().event("14:00", "entry.added", {
      kind: "note",
      audience: "partners",
      by: "party",
      news: true,
    });
    expect(dueOf(late)).toBe("2026-03-07T18:00:00Z first-response");
    const answer = { channel: "mail", direction: "outbound", content: "answer", contactId: "ct_1" };
    expect(dueOf(late.event("14:01", "case.contacted", answer))).toBeUndefined();
  });
  test("is absent after the end of the case", () => {
    const closed = opened().event("14:00", "case.closed", { from: "acknowledged", reason: "by-carrier" });
    expect(dueOf(closed)).toBeUndefined();
  });
});
