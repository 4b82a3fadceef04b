import { describe, expect, test } from "vitest";
import { type AnnouncedChange, type ChangeAnnouncement, type ChangeOutcome, isRefused } from "../../src/index.ts";
import { announceChange, confirmChange, lateByMs, linkOf, passDeadline, withdrawChange } from "../../src/index.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const now = Date.parse("2026-03-09T09:00:00Z");
const lead = { party: "northtel", person: "lead-2", automated: false };
const engineer = { party: "orchard", person: "eng-4", automated: false };
const announcement: ChangeAnnouncement = {
  id: "ch_0000000000000000000000000a",
  timeline: "wall",
  title: "New addresses of the mail gateway",
  description: "The gateway gets new addresses.",
  startsAt: now + 10 * dayMs,
  symptoms: ["no-data"],
  scope: {},
  kind: "carrier",
  companies: ["orchard", "southtel", "orchard", "northtel"],
  carriers: ["southtel"],
};

/** Returns the decision of a command that must not be refused. */
function decided(outcome: ChangeOutcome) {
  if (isRefused(outcome)) throw new Error(outcome.refused.detail);
  return outcome;
}

const announced = (more: Partial<ChangeAnnouncement> = {}, actor = lead) =>
  decided(announceChange({ ...announcement, ...more }, actor, now));
const typesOf = ({ messages }: { readonly messages: readonly { readonly type: string }[] }) =>
  messages.map(({ type }) => type);
const refusalOf = (outcome: ChangeOutcome) => (isRefused(outcome) ? outcome.refused.code : "accepted");

describe("announcement", () => {
  test("each named company owes one receipt, and the announcer none", () => {
    const { state, messages } = announced();
    expect(state.receipts.map(({ company }) => company)).toEqual(["orchard", "southtel"]);
    expect(messages.map(({ data }) => data.companies)).toEqual([["northtel", "orchard", "southtel"]]);
    expect(state.carriers).toEqual(["northtel", "southtel"]);
  });

  test("the deadline is 24 hours away, or the start, but at least an hour away", () => {
    const confirmBy = (startsAt: number) => announced({ startsAt }).state.confirmBy - now;
    expect(confirmBy(now + 10 * dayMs)).toBe(dayMs);
    expect(confirmBy(now + 5 * hourMs)).toBe(5 * hourMs);
    expect(confirmBy(now - dayMs)).toBe(hourMs);
  });

  test("⚠ a change announced three days before its start is in time, and one millisecond later it is late", () => {
    const lateness = (startsAt: number) => lateByMs(announced({ startsAt }).state);
    expect(lateness(now + 3 * dayMs)).toBeUndefined();
    expect(lateness(now + 3 * dayMs - 1)).toBe(1);
    expect(lateness(now - hourMs)).toBe(3 * dayMs + hourMs);
    expect(linkOf(announced({ startsAt: now }).state).late).toBe(true);
  });

  test("only a change that has begun searches for earlier cases", () => {
    const tasks = (more: Partial<ChangeAnnouncement>) =>
      announced(more).tasks.map(({ task, dueAt }) => [task.does === "change" && task.event.is, dueAt]);
    const deadlines = [
      ["remind", now + dayMs / 2],
      ["overdue", now + dayMs],
    ];
    expect(tasks({})).toEqual(deadlines);
    const begun = { startsAt: now - hourMs, confirmBy: now + dayMs };
    expect(tasks({ ...begun, timeline: "stp_x" })).toEqual([...deadlines, ["link-cases", undefined]]);
    expect(tasks(begun)).toEqual([...deadlines, ["link-cases", undefined], ["link-cases", now + 10_000]]);
    expect(tasks({ ...begun, symptoms: [] })).toEqual(deadlines);
    expect(tasks({ ...begun, startsAt: now - 8 * dayMs })).toEqual(deadlines);
  });

  test("a vendor's change affects only its own devices", () => {
    const vendor = { kind: "vendor", companies: ["northtel"], carriers: ["northtel"] } as const;
    expect(announced(vendor, engineer).state).toMatchObject({ scope: { vendor: "orchard" }, carriers: ["northtel"] });
    const foreign = { ...announcement, ...vendor, scope: { vendor: "quill" } };
    expect(refusalOf(announceChange(foreign, engineer, now))).toBe("invalid_request");
  });

  test("an end before the start and a deadline in the past are refused", () => {
    const refusal = (more: Partial<ChangeAnnouncement>) =>
      refusalOf(announceChange({ ...announcement, ...more }, lead, now));
    expect(refusal({ endsAt: now })).toBe("invalid_request");
    expect(refusal({ confirmBy: now })).toBe("invalid_request");
    expect(refusal({ startsAt: now + 500 * dayMs })).toBe("invalid_request");
  });
});

describe("receipts", () => {
  const confirmedAt = (state: AnnouncedChange, at: number) => decided(confirmChange(state, engineer, at));

  test("⚠ a receipt at the deadline is in time, and a receipt one millisecond later was overdue", () => {
    const { state } = announced();
    expect(confirmedAt(state, now + dayMs).messages).toMatchObject([{ data: { overdue: false, company: "orchard" } }]);
    expect(confirmedAt(state, now + dayMs + 1).messages).toMatchObject([{ data: { overdue: true } }]);
  });

  test("a repeated receipt changes nothing", () => {
    const { state } = confirmedAt(announced().state, now + hourMs);
    expect(confirmedAt(state, now + 2 * hourMs)).toEqual({ state, messages: [], tasks: [] });
  });

  test("⚠ a receipt names no other affected company", () => {
    const { state } = announced();
    expect(confirmedAt(state, now + hourMs).messages.map(({ data }) => data.companies)).toEqual([
      ["northtel", "orchard"],
    ]);
    const overdue = passDeadline(state, { is: "overdue" }, now + dayMs);
    expect(overdue.messages.map(({ data }) => data.companies)).toEqual([
      ["northtel", "orchard"],
      ["northtel", "southtel"],
    ]);
    const reminded = passDeadline(state, { is: "remind" }, now + dayMs / 2);
    expect(reminded.messages.map(({ data }) => data.companies)).toEqual([["orchard"], ["southtel"]]);
  });

  test("the announcer and a foreign company cannot confirm", () => {
    const { state } = announced();
    expect(refusalOf(confirmChange(state, lead, now))).toBe("forbidden");
    expect(refusalOf(confirmChange(state, { ...engineer, party: "quill" }, now))).toBe("not_found");
  });

  test("only the announcer withdraws, once, and no receipt is owed afterwards", () => {
    const { state } = announced();
    expect(refusalOf(withdrawChange(state, "x", engineer, now))).toBe("forbidden");
    expect(refusalOf(withdrawChange(state, "x", { ...engineer, party: "quill" }, now))).toBe("not_found");
    const withdrawn = decided(withdrawChange(state, "x", lead, now));
    expect(typesOf(withdrawn)).toEqual(["change.withdrawn"]);
    expect(refusalOf(withdrawChange(withdrawn.state, "x", lead, now))).toBe("illegal_transition");
    expect(refusalOf(confirmChange(withdrawn.state, engineer, now))).toBe("illegal_transition");
    expect(passDeadline(withdrawn.state, { is: "overdue" }, now + dayMs).messages).toEqual([]);
  });
});
