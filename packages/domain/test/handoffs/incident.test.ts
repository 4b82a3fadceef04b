import { describe, expect, test } from "vitest";
import { briefAt, openHandoffOf } from "../../src/index.ts";
import { at, line } from "../given.ts";
import { DrivenPool } from "../pools/given.ts";
import { unstaffed } from "../unstaffed.ts";
import { DrivenHandoff, twoSteps } from "./driven-handoff.ts";

const program = { party: "northtel", automated: true };
const joining = { actor: program, incidentId: "ic_1", leadCaseId: "cs_lead", holder: "orchard", reason: "alike" };
const leaving = { actor: program, incidentId: "ic_1", cause: "removed" };
const inbound = { contactId: "ct", channel: "chat", direction: "inbound", content: "inquiry" };
const staffed = {
  ...unstaffed,
  onDuty: (name: string) => ({ exists: true, people: [{ person: name, name }] }),
};
const paging = {
  crossing: [{ to: "roster:northtel.lead" as const, mode: "ticket" as const, acceptWithin: "PT5M", repeat: 1 }],
  lastResort: ["roster:northtel.duty" as const],
};

describe("a member of an incident takes no line step", () => {
  test.each(["stall.busy", "handling.limit", "stall.idle"])("after a breach of %s", (kind) => {
    const driven = new DrivenHandoff()
      .open()
      .event("09:05", "incident.joined", joining)
      .breach("09:50", kind, "case/1");
    expect(driven.types).toEqual([]);
    driven.event("10:00", "incident.left", leaving).breach("12:00", kind, "case/4");
    expect(driven.last("handoff.offered").data).toMatchObject({ queue: "orchard.handheld", reason: "clock" });
  });

  test("after a trigger, which counts the contacts for the time after the incident", () => {
    const thrice = twoSteps({ triggers: [{ on: "contacts", count: 3, within: "P7D" }] });
    const driven = new DrivenHandoff(thrice).open().event("09:05", "incident.joined", joining);
    driven.event("10:00", "case.contacted", inbound).event("11:00", "case.contacted", inbound);
    expect(driven.types).toEqual([]);
    driven.event("12:00", "incident.left", leaving).event("12:01", "case.contacted", inbound);
    expect(driven.last("handoff.offered").data.trigger).toBe("contacts");
  });

  test("after a request to cross", () => {
    expect(new DrivenHandoff().open().event("09:05", "incident.joined", joining).cross("09:10").types).toEqual([]);
  });

  test("if a person without the skill handles it", () => {
    const driven = new DrivenPool().openPocket().event("09:01", "incident.joined", joining).call("09:05", "rep-7");
    expect(driven.types).toEqual([]);
  });
});

test("a member of another incident than the one that it left stays a member", () => {
  const driven = new DrivenHandoff().open().event("09:05", "incident.joined", joining);
  driven.event("09:10", "incident.left", { ...leaving, incidentId: "ic_9" }).cross("09:20");
  expect(driven.types).toEqual([]);
});

describe("the joining ends the present line step, and the same step follows after the incident", () => {
  test("an offer that no vendor has accepted is withdrawn", () => {
    const driven = new DrivenHandoff().open().cross("09:10").event("09:20", "incident.joined", joining);
    expect(driven.types).toEqual(["handoff.offered", "handoff.withdrawn"]);
    expect(driven.last("handoff.withdrawn").data.reason).toBe("incident");
    expect(driven.last("queue.ended").data.reason).toBe("withdrawn");
    driven.event("10:00", "incident.left", leaving).cross("10:10");
    expect(driven.last("handoff.offered").data).toMatchObject({ queue: "orchard.handheld", step: 0, attempt: 0 });
  });

  test("the page of a step ends", () => {
    const driven = new DrivenHandoff(twoSteps(paging), staffed).open().cross("09:10");
    expect(driven.crossing.waits.for).toBe("page");
    driven.event("09:12", "incident.joined", joining);
    expect(driven.crossing.waits.for).toBe("step");
    driven.event("10:00", "incident.left", leaving).cross("10:10");
    expect(driven.types).toEqual(["roster.paged", "roster.paged"]);
  });

  test("⚠ the calls of the last resort continue, because no case joins whose calls intake knows", () => {
    const driven = new DrivenHandoff(twoSteps({ ...paging, crossing: [] }), staffed).open().cross("09:10");
    expect(driven.types).toEqual(["line.exhausted", "last-resort.called", "roster.paged"]);
    driven.event("09:10", "incident.joined", joining).breach("09:11", "last-resort", "handoff/2");
    expect(driven.types.slice(3)).toEqual(["last-resort.called", "roster.paged"]);
  });

  test("an assignment that no person has claimed is released", () => {
    const driven = new DrivenPool().openPocket().call("09:05", "rep-7").event("09:06", "incident.joined", joining);
    expect(driven.types).toEqual(["pool.assigned", "pool.released"]);
    expect(driven.last("pool.released").data.reason).toBe("incident");
    driven.event("10:00", "incident.left", leaving).cross("10:10");
    expect(driven.last("pool.assigned").data).toMatchObject({ step: 0, attempt: 0 });
  });

  test("⚠ a person of the pool who has claimed the case keeps it, and their release assigns it to no other person", () => {
    const driven = new DrivenPool().openPocket().call("09:05", "rep-7").claim("09:06", "ada");
    driven.event("09:07", "incident.joined", joining);
    expect(driven.assignment?.phase).toBe("claimed");
    expect(driven.pool("09:10", { type: "release", token: driven.token })).toBeUndefined();
    expect(driven.types).toEqual(["pool.assigned", "pool.claimed", "pool.released"]);
    expect(driven.crossing.waits.for).toBe("step");
  });
});

test("a case that a vendor holds becomes no member", () => {
  const driven = new DrivenHandoff().open().cross("09:10").accept("09:15").event("09:20", "incident.joined", joining);
  expect(openHandoffOf(driven.crossing)?.phase).toBe("accepted");
  driven.giveBack("10:00");
  expect(driven.cross("10:05").last("handoff.offered").time).toBe(at("10:05"));
});

test.each([
  ["case.resolved", { from: "acknowledged" }],
  ["case.closed", { from: "acknowledged", reason: "by-carrier" }],
] as const)("a member is a member no more after %s, so that it crosses after its reopening", (type, data) => {
  const driven = new DrivenHandoff().open().event("09:05", "incident.joined", joining).event("09:10", type, data);
  driven.event("09:20", "case.reopened", { from: "resolved", reason: "it came back" }).cross("09:30");
  expect(driven.types).toEqual(["handoff.offered"]);
});

test("⚠ routing still pages people for the deadlines of a member", () => {
  const driven = new DrivenHandoff(
    line({ clocks: [], needBy: { cure: "PT6H" }, lastResort: ["roster:northtel.duty"] }),
    staffed,
  )
    .open()
    .event("09:05", "incident.joined", joining);
  for (const [kind, clock] of [
    ["need-by", "need-by"],
    ["promise", "promise/pr_1"],
    ["joint", "joint"],
  ])
    driven.event("10:00", "clock.breached", { kind, clock, incarnation: "case/1", firingId: `fir ${clock}` });
  expect(driven.messages.map(({ data }) => (data as { readonly reason: string }).reason)).toEqual([
    "need-by",
    "promise",
    "joint",
  ]);
});

describe("the brief of the lead case", () => {
  const size = { actor: program, incidentId: "ic_1", firstOpenedAt: "2026-03-07T08:00:00-05:00" };
  const opened = () =>
    new DrivenHandoff().open().event("09:05", "incident.opened", {
      ...size,
      cases: 12,
      lastOpenedAt: "2026-03-07T09:04:00-05:00",
      reason: "x",
    });
  const incidentIn = (driven: DrivenHandoff) => briefAt(driven.crossing, at("10:00")).incident;

  test("has the incident's id, its number of cases, and its first and last opening", () => {
    const driven = opened().cross("09:06");
    const incident = {
      id: "ic_1",
      cases: 12,
      firstOpenedAt: "2026-03-07T08:00:00-05:00",
      lastOpenedAt: "2026-03-07T09:04:00-05:00",
    };
    expect(driven.last("queue.offered").data.brief.incident).toEqual(incident);
    expect(incidentIn(driven)).toEqual(incident);
  });

  test("has a later count without a new version, so that each joining does not make an acceptance too old", () => {
    const driven = opened().cross("09:06");
    const { version } = driven.crossing.material;
    driven.event("09:07", "incident.counted", { ...size, cases: 13, lastOpenedAt: "2026-03-07T09:07:00-05:00" });
    expect(incidentIn(driven)).toMatchObject({ cases: 13, lastOpenedAt: "2026-03-07T09:07:00-05:00" });
    expect(driven.crossing.material.version).toBe(version);
    expect(driven.event("09:08", "incident.counted", { ...size, incidentId: "ic_9", cases: 2 })).toBe(driven);
    expect(incidentIn(driven)?.cases).toBe(13);
  });

  test("informs the vendor's desk that the incident began or ended before the acceptance", () => {
    const driven = new DrivenHandoff().open().cross("09:01");
    driven.event("09:05", "incident.opened", { ...size, cases: 12, reason: "x" });
    expect(driven.last("queue.updated").data.changes).toEqual(["incident: 12 cases"]);
    driven.event("09:06", "incident.ended", { actor: program, incidentId: "ic_1", cause: "by-carrier" });
    expect(driven.last("queue.updated").data.changes).toEqual(["incident ended"]);
    expect(incidentIn(driven)).toBeUndefined();
  });
});
