import { describe, expect, test } from "vitest";
import { hasDueClock, needsClock } from "../../src/index.ts";
import { DrivenCase, line } from "../given.ts";

const program = { party: "northtel", automated: true };
const incident = { actor: program, incidentId: "ic_1" };
const joining = { ...incident, leadCaseId: "cs_lead", holder: "orchard", reason: "the same symptom in Ohio" };
const carriersLine = line({
  clocks: [
    { kind: "first-response", target: "PT4H", warnAt: [] },
    { kind: "next-update", target: "PT3H", warnAt: [] },
    { kind: "stall.busy", target: "PT20M", warnAt: [] },
    { kind: "handling.limit", target: "PT45M", warnAt: [] },
    { kind: "stall.idle", target: "PT2H", warnAt: [50] },
    { kind: "resolution", target: "P5D", warnAt: [] },
    { kind: "information", target: { critical: "PT6H", else: "P2D" }, warnAt: [] },
  ],
  needBy: { cure: "PT6H" },
});
const opened = (under = carriersLine): DrivenCase =>
  new DrivenCase(under).open("09:00", { needBy: "2026-03-09T09:00:00-05:00" });
const joined = (): DrivenCase => opened().event("10:00", "incident.joined", joining);
const leave = (cause: string) => ({ ...incident, cause });
const chargedOf = (driven: DrivenCase, name: string): string | undefined =>
  driven.state?.clocks.find((clock) => clock.name === name)?.charged;
const pending = { from: "acknowledged", to: "pending", waitingOn: "customer" };

describe("a case that joins an incident", () => {
  test("rests its stall clocks, and `information` runs for the company that holds the lead case", () => {
    const driven = joined();
    expect(driven.running).toEqual(["first-response", "information", "need-by", "resolution"]);
    expect([driven.start("information"), driven.due("information"), chargedOf(driven, "information")]).toEqual([
      "case/2",
      "+2 10:00",
      "orchard",
    ]);
    driven.until("+1 09:00");
    expect(driven.fired).toEqual(["13:00 first-response"]);
  });

  test("keeps every deadline of an obligation to the customer", () => {
    const [member, other] = [joined(), opened()].map((driven) =>
      driven
        .event("11:00", "promise.made", { promiseId: "pr_1", promisor: "northtel", until: "2026-03-07T18:00:00-05:00" })
        .event("12:00", "case.contacted", { direction: "outbound", content: "answer", channel: "mail" })
        .event("13:00", "case.contacted", { direction: "inbound", content: "inquiry", channel: "mail" }),
    );
    for (const owed of ["next-update", "resolution", "need-by", "promise/pr_1"]) {
      expect(member?.due(owed)).toBeDefined();
      expect(member?.due(owed)).toBe(other?.due(owed));
    }
  });

  test("rests `stall.busy` during a live handling, but not `handling.limit`", () => {
    const driven = opened().call("09:30", "09:40", { ends: false });
    expect(driven.running).toContain("stall.busy");
    driven.event("09:41", "incident.joined", joining).call("09:42", "10:20");
    expect(driven.running).not.toContain("stall.busy");
    expect(driven.fired.filter((firing) => firing.includes("handling.limit"))).toEqual(["10:15 handling.limit"]);
  });

  test("starts its stall clocks as for a new holder when it leaves the incident", () => {
    const driven = joined()
      .event("11:00", "handling.started", { handlingId: "a", channel: "phone" })
      .event("11:01", "incident.left", leave("removed"));
    expect(driven.running).not.toContain("information");
    expect([driven.start("stall.idle"), driven.due("stall.idle")]).toEqual(["case/4", "13:01"]);
    expect([driven.start("stall.busy"), chargedOf(driven, "stall.busy")]).toEqual(["case/4", "northtel"]);
  });

  test("ends the page of a line step, but not the calls of the last resort", () => {
    const driven = opened()
      .event("09:10", "roster.paged", { pageId: "pg_1", roster: "northtel.duty", reason: "step", acceptWithin: "PT1H" })
      .event("09:20", "last-resort.called", { call: 1, next: "PT1H", addresses: [] });
    expect(driven.running).toEqual(expect.arrayContaining(["vendor.acceptance", "last-resort"]));
    driven.event("09:30", "incident.joined", joining).until("11:00");
    expect(driven.fired).toEqual(["10:20 last-resort"]);
  });

  test("withdraws a firing that the joining would have prevented, if the timer reads the joining late", () => {
    const wall = (joinedAt: string): DrivenCase =>
      new DrivenCase(carriersLine, "wall").open().until("11:00:30").event(joinedAt, "incident.joined", joining);
    expect(wall("10:59").fired).toEqual(["10:00 stall.idle 50", "11:00 stall.idle", "overtaken stall.idle"]);
    expect(wall("11:00:10").fired).toEqual(["10:00 stall.idle 50", "11:00 stall.idle"]);
  });
});

describe("`information` of a member", () => {
  test("is charged to another company from `incident.held` on, and does not restart", () => {
    const driven = joined().event("16:00", "incident.held", { ...incident, holder: "northtel" });
    expect([driven.start("information"), driven.due("information"), chargedOf(driven, "information")]).toEqual([
      "case/2",
      "+2 10:00",
      "northtel",
    ]);
    expect(
      driven.event("17:00", "incident.held", { ...incident, incidentId: "ic_2", holder: "quill" }).running,
    ).toContain("information");
    expect(chargedOf(driven, "information")).toBe("northtel");
  });

  test("breaches after the line's maximum, and ends when intake then ends the membership", () => {
    const driven = joined().until("+2 10:01");
    expect(driven.fired.at(-1)).toBe("+2 10:00 information");
    driven.event("+2 10:01", "incident.left", leave("maximum"));
    expect(driven.running).not.toContain("information");
    expect(driven.due("stall.idle")).toBe("+2 12:01");
  });

  test.each([
    ["resolution", "case.resolved", { from: "acknowledged" }],
    ["closing", "case.closed", { from: "acknowledged", reason: "by-carrier" }],
    ["cancellation", "case.status-changed", { from: "acknowledged", to: "cancelled" }],
  ] as const)("ends at the %s of the case, whose reopening makes no member of it", (_, type, data) => {
    const driven = joined().event("11:00", type, data);
    expect(driven.running).not.toContain("information");
    driven.event("12:00", "incident.left", leave("cured"));
    expect(driven.running).not.toContain("stall.idle");
    driven.event("13:00", "case.reopened", { from: "resolved", reason: "it came back" });
    expect(driven.running).not.toContain("information");
    expect(driven.start("stall.idle")).toBe("case/5");
  });

  test("runs once the earlier pause has ended, if the case was pending at its joining", () => {
    const driven = opened()
      .event("09:30", "case.status-changed", { ...pending, maximum: "PT5H" })
      .event("10:00", "incident.joined", joining);
    expect([driven.start("information"), driven.due("information")]).toEqual(["case/2", "14:30"]);
    driven.event("11:00", "case.status-changed", { from: "pending", to: "inProgress" });
    expect([driven.start("information"), driven.due("information"), chargedOf(driven, "information")]).toEqual([
      "case/3",
      "+2 11:00",
      "orchard",
    ]);
    expect(driven.running).not.toContain("stall.idle");
  });

  test("continues if the member becomes pending, and the clock of that pause follows when the case leaves the incident", () => {
    const driven = joined().event("11:00", "case.status-changed", { ...pending, maximum: "PT5H" });
    expect([driven.start("information"), chargedOf(driven, "information")]).toEqual(["case/2", "orchard"]);
    driven.event("12:00", "incident.left", leave("lead-ended"));
    expect([driven.start("information"), driven.due("information"), chargedOf(driven, "information")]).toEqual([
      "case/3",
      "17:00",
      "northtel",
    ]);
  });

  test("has the target of a new severity, and continues under another line", () => {
    const driven = joined().event("11:00", "case.severity-changed", { from: "minor", to: "critical" });
    expect(driven.due("information")).toBe("16:00");
    const other = line({ clocks: [{ kind: "information", target: "PT12H", warnAt: [] }] });
    driven.move("12:00", other);
    expect([driven.start("information"), driven.due("information")]).toEqual(["case/2", "22:00"]);
    expect(driven.running).not.toContain("stall.idle");
  });

  test("starts again at a move, if the former line had no such clock", () => {
    const observing = line({ mode: "observe", clocks: [{ kind: "resolution", target: "P5D", warnAt: [] }] });
    const driven = joined().move("11:00", observing);
    expect(driven.running).toEqual(["resolution"]);
    driven.move("12:00", carriersLine);
    expect([driven.start("information"), driven.due("information"), chargedOf(driven, "information")]).toEqual([
      "case/4",
      "+2 12:00",
      "orchard",
    ]);
    expect(driven.running).not.toContain("stall.idle");
  });

  test("continues after a merge into the member, which carries over no stall clock", () => {
    const driven = joined().event("11:00", "handling.started", { handlingId: "a", channel: "phone" });
    const carried = ["stall.idle", "stall.busy", "handling.limit", "resolution"].map((clock) => ({
      clock,
      kind: clock,
      charged: "northtel",
      leftMs: 600_000,
    }));
    const merged = { from: "cs_2", carrierCaseId: "CB-2", reason: "the same", clocks: carried, entries: [] };
    driven.event("11:05", "case.merged", {
      ...merged,
      contacts: { count: 1, byChannel: {}, lastAt: "2026-03-07T09:00:00-05:00" },
    });
    expect(driven.running.filter((name) => name.startsWith("stall"))).toEqual([]);
    expect(driven.running).toContain("information");
    expect(driven.due("resolution")).toBe("11:15");
  });
});

test("a vendor that accepted the case before routing read the joining has its own clocks", () => {
  const one = { handoffId: "ho_1", vendor: "orchard", actor: { party: "orchard", automated: false } };
  const offered = (): DrivenCase => opened().event("09:50", "handoff.offered", { ...one, acceptWithin: "PT1H" });
  const orders = [
    offered().event("10:00", "incident.joined", joining).event("10:01", "handoff.accepted", one),
    offered().event("09:59", "handoff.accepted", one).event("10:00", "incident.joined", joining),
  ];
  for (const driven of orders) {
    expect(chargedOf(driven, "stall.idle")).toBe("orchard");
    expect(driven.running).not.toContain("information");
  }
});

test("a member has a clock that will fire, until this clock has breached", () => {
  const driven = joined();
  expect([needsClock(driven.state!, driven.line), hasDueClock(driven.state!, driven.line)]).toEqual([false, true]);
});
