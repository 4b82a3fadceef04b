import { expect, test } from "vitest";
import { countsFor } from "../../src/index.ts";
import { at, line } from "../given.ts";
import { DrivenIncidents, byProgram, rep } from "./driven.ts";

const otherLine = { ...line({ clocks: [] }), ref: { carrier: "northtel", name: "other", version: 1 } };
const reason = "the mast is down";
const blame = "It is your own fault. You should have read the manual.";

test("the n-th alike case in a window opens an incident: the oldest leads and crosses, the others join and stay with the carrier", () => {
  const driven = new DrivenIncidents();
  const [lead, second, third] = driven.openAlike(3) as [string, string, string];
  expect(driven.types(lead)).toEqual(["incident.opened", "crossing.requested", "entry.added"]);
  expect(driven.data(lead, "incident.opened")).toMatchObject([
    { incidentId: "ic_1", cases: 3, reason: "3 alike cases were opened within 1 hour." },
  ]);
  expect(driven.data(lead, "crossing.requested")).toMatchObject([
    { actor: { party: "northtel", automated: true }, reason: "The case leads incident ic_1 of 3 alike cases." },
  ]);
  for (const member of [second, third]) {
    expect(driven.types(member)).toEqual(["incident.joined"]);
    expect(driven.data(member, "incident.joined")).toMatchObject([{ leadCaseId: lead, holder: "northtel" }]);
    expect(driven.case(member).incident).toMatchObject({ role: "member", leadCaseId: lead, starts: [2] });
  }
  expect(driven.tasks).toEqual([]);
});

test("a case opened earlier than the window, of another symptom, model or kind is not alike", () => {
  const driven = new DrivenIncidents();
  driven.openAlike(1);
  driven.now = at("10:02");
  driven.openAlike(2);
  driven.openAlike(2, { symptom: "echo" });
  driven.openAlike(2, { model: "Two" });
  driven.openAlike(3, { kind: "inquiry" });
  expect(driven.incidents.size).toBe(0);
  driven.openAlike(1);
  expect(driven.incidents.size).toBe(1);
});

test("a later alike case joins the open incident at its opening, and needs no count", () => {
  const driven = new DrivenIncidents();
  const [lead] = driven.openAlike(3);
  driven.now = at("15:00");
  const [late] = driven.openAlike(1) as [string];
  expect(driven.case(late).incident).toMatchObject({ role: "member", leadCaseId: lead });
  expect(driven.incident("ic_1").members).toHaveLength(3);
});

test("the lead counts the cases of its incident when cases join and leave", () => {
  const driven = new DrivenIncidents();
  const [lead, member] = driven.openAlike(4) as [string, string];
  driven.carrier("ic_1", { type: "leave", caseId: member, reason });
  driven.run();
  const size = { firstOpenedAt: "2026-03-07T14:01:00Z", lastOpenedAt: "2026-03-07T14:04:00Z" };
  expect(driven.data(lead, "incident.counted")).toMatchObject([
    { cases: 4, ...size },
    { cases: 3, ...size },
  ]);
});

test("a case that gets its symptom by a correction is considered then", () => {
  const driven = new DrivenIncidents();
  driven.openAlike(2);
  const [other] = driven.openAlike(1, { symptom: "echo" }) as [string];
  expect(driven.incidents.size).toBe(0);
  driven.command(other, { type: "correct", reason: "misheard", symptom: "no-signal" });
  driven.run();
  expect(driven.case(other).incident).toMatchObject({ role: "member" });
});

test("a member does not cross by a command, and crosses after it left", () => {
  const driven = new DrivenIncidents();
  const [, member] = driven.openAlike(3) as [string, string];
  const cross = () => driven.command(member, { type: "cross", asOf: driven.case(member).version, observing: false });
  expect(cross()).toBe("illegal_transition");
  expect(driven.carrier("ic_1", { type: "leave", caseId: member, reason: "another fault" })).toBeUndefined();
  driven.run();
  expect(driven.data(member, "incident.left")).toMatchObject([
    { cause: "removed", reason: "another fault", actor: rep },
  ]);
  expect(cross()).toBeUndefined();
  expect(driven.incident("ic_1").former).toMatchObject([{ caseId: member, cause: "removed" }]);
});

test("a vendor counts no event about a membership, and the carrier counts all", () => {
  const driven = new DrivenIncidents();
  const [, member] = driven.openAlike(3) as [string, string];
  driven.accept(member); // before routing reads that the case joined
  const { sequence, version, lastEventAt } = driven.case(member);
  expect(driven.types(member).filter((type) => type.startsWith("incident."))).toEqual([
    "incident.joined",
    "incident.left",
  ]);
  expect(countsFor(driven.case(member), "northtel")).toMatchObject({ sequence, version, lastEventAt });
  expect(countsFor(driven.case(member), "orchard")).toMatchObject({ sequence: sequence - 2, version: version - 2 });
});

test("the vendor that accepts the lead, and the carrier after a return, is the holder that each member names", () => {
  const driven = new DrivenIncidents();
  const [lead, member] = driven.openAlike(3) as [string, string];
  driven.accept(lead);
  driven.run();
  expect(driven.data(member, "incident.held")).toMatchObject([{ holder: "orchard" }]);
  driven.apply(lead, "handoff.returned", {
    code: "bad-data",
    evidence: { test: "t", result: "r", wouldChangeOurMind: "w" },
  });
  driven.run();
  expect(driven.data(member, "incident.held").map(({ holder }) => holder)).toEqual(["orchard", "northtel"]);
  expect(driven.case(member).incident).toMatchObject({ holder: "northtel" });
  const [late] = driven.openAlike(1) as [string];
  expect(driven.data(late, "incident.joined")).toMatchObject([{ holder: "northtel" }]);
});

test("the fix of the lead resolves each member by an event of its own, with the lead's fix code", () => {
  const driven = new DrivenIncidents();
  const [lead, second, third] = driven.openAlike(3) as [string, string, string];
  driven.accept(lead);
  driven.run();
  driven.apply(lead, "handoff.resolved", { fixCode: "mast-repaired" });
  driven.run();
  expect(driven.types(lead).slice(-3)).toEqual(["case.resolved", "incident.ended", "entry.added"]);
  expect(driven.data(lead, "incident.ended")).toMatchObject([{ cause: "cured" }]);
  for (const member of [second, third]) {
    expect(driven.types(member).slice(-2)).toEqual(["incident.left", "case.resolved"]);
    expect(driven.data(member, "incident.left")).toMatchObject([{ cause: "cured" }]);
    expect(driven.case(member)).toMatchObject({ status: "resolved", fixCode: "mast-repaired" });
  }
  expect(driven.incident("ic_1").ended).toMatchObject({ cause: "cured", fixCode: "mast-repaired" });
});

test("after the fix each customer decides for their own case: a lead that reopens reopens no member", () => {
  const driven = new DrivenIncidents();
  const [lead, second, third] = driven.openAlike(3) as [string, string, string];
  driven.command(lead, { type: "change-status", to: "resolved", fixCode: "reset" });
  driven.run();
  driven.command(lead, { type: "reopen", reason: "it came back" });
  driven.command(second, { type: "confirm" });
  driven.run();
  expect([lead, second, third].map((id) => driven.case(id).status)).toEqual(["reopened", "closed", "resolved"]);
  expect([lead, second, third].map((id) => driven.case(id).incident)).toEqual([undefined, undefined, undefined]);
});

test("a member whose customer wants to cancel leaves at the fix, and is not resolved", () => {
  const driven = new DrivenIncidents();
  const [lead, member] = driven.openAlike(3) as [string, string];
  driven.command(member, { type: "change-status", to: "assessingCancellation" });
  driven.command(lead, { type: "change-status", to: "resolved" });
  driven.run();
  expect(driven.case(member).status).toBe("assessingCancellation");
  expect(driven.data(member, "incident.left")).toMatchObject([{ cause: "cured" }]);
});

test.for([
  [
    "cancelled",
    (driven: DrivenIncidents, lead: string) => driven.command(lead, { type: "change-status", to: "cancelled" }),
  ],
  ["closed unsolved", (driven: DrivenIncidents, lead: string) => driven.command(lead, { type: "close" })],
] as const)("if the lead is %s, the members leave unsolved", ([, end]) => {
  const driven = new DrivenIncidents();
  const [lead, member] = driven.openAlike(3) as [string, string];
  end(driven, lead);
  driven.run();
  expect(driven.data(lead, "incident.ended")).toMatchObject([{ cause: "lead-ended" }]);
  expect(driven.data(member, "incident.left")).toMatchObject([{ cause: "lead-ended" }]);
  expect(driven.case(member)).toMatchObject({ status: "acknowledged" });
  expect(driven.incident("ic_1").ended?.cause).toBe("lead-ended");
});

test("a member that is resolved or ends on its own leaves in the same decision, and the incident continues", () => {
  const driven = new DrivenIncidents();
  const [lead, member] = driven.openAlike(3) as [string, string];
  driven.command(member, { type: "change-status", to: "resolved", fixCode: "battery" });
  expect(driven.types(member)).toEqual(["incident.joined", "case.resolved", "incident.left"]);
  driven.run();
  expect(driven.incident("ic_1").members).toHaveLength(1);
  driven.command(lead, { type: "change-status", to: "resolved", fixCode: "reset" });
  driven.run();
  expect(driven.case(member).fixCode).toBe("battery");
});

test("the maximum of the clock `information` ends the pause of one member, and only for its own joining", () => {
  const driven = new DrivenIncidents();
  const [, member] = driven.openAlike(3) as [string, string];
  driven.apply(member, "clock.breached", { clock: "information", kind: "information", incarnation: "case/1" });
  expect(driven.types(member)).toEqual(["incident.joined"]);
  driven.breachMaximum(member);
  driven.run();
  expect(driven.data(member, "incident.left")).toMatchObject([{ cause: "maximum", actor: byProgram }]);
  expect(driven.incident("ic_1")).toMatchObject({ members: [{}], former: [{ caseId: member, cause: "maximum" }] });
});

test("a move to another line starts the maximum of a member again", () => {
  const driven = new DrivenIncidents();
  const [, member] = driven.openAlike(3) as [string, string];
  driven.command(member, { type: "move", to: { ...otherLine }, reason: "another line" });
  expect(driven.case(member).incident).toMatchObject({ starts: [2, 3] });
  driven.breachMaximum(member);
  expect(driven.data(member, "incident.left")).toMatchObject([{ cause: "maximum" }]);
});

test("a case that a vendor accepted before routing read the joining leaves", () => {
  const driven = new DrivenIncidents();
  const [, member] = driven.openAlike(3) as [string, string];
  driven.accept(member);
  driven.run();
  expect(driven.data(member, "incident.left")).toMatchObject([{ cause: "removed" }]);
  expect(driven.incident("ic_1").former).toMatchObject([{ caseId: member }]);
});

test("a carrier opens an incident by hand with a crossed lead, adds a case of another symptom, and ends it with a reason", () => {
  const driven = new DrivenIncidents();
  const [lead, member] = driven.openAlike(2) as [string, string];
  const [other] = driven.openAlike(1, { symptom: "echo" }) as [string];
  driven.accept(lead);
  const id = driven.byHand(lead, [member]);
  driven.run();
  expect(driven.types(lead)).not.toContain("crossing.requested"); // A vendor holds the lead already.
  expect(driven.case(member).incident).toMatchObject({ holder: "orchard" });
  expect(driven.join(id, other)).toBeUndefined();
  driven.run();
  expect(driven.case(other).incident).toMatchObject({ id });
  expect(driven.carrier(id, { type: "end", reason })).toBeUndefined();
  driven.run();
  expect(driven.data(lead, "incident.ended")).toMatchObject([{ cause: "by-carrier", reason, actor: rep }]);
  expect(driven.data(other, "incident.left")).toMatchObject([{ cause: "ended", reason }]);
  expect(driven.carrier(id, { type: "end", reason })).toBe("illegal_transition");
});

test("a case that cannot join is refused by the case, and the incident removes it with the refusal", () => {
  const driven = new DrivenIncidents();
  const [, , , fourth] = driven.openAlike(4) as [string, string, string, string];
  const [lead, crossed] = driven.openAlike(2, { symptom: "echo" }) as [string, string];
  driven.accept(crossed);
  const id = driven.byHand(lead, [crossed, fourth]);
  driven.run();
  expect(driven.incident(id).members).toEqual([]);
  expect(driven.incident(id).former.map(({ caseId, cause }) => [caseId, cause])).toEqual([
    [crossed, "refused"],
    [fourth, "refused"],
  ]);
  expect(driven.case(fourth).incident).toMatchObject({ id: "ic_1" });
});

test("if the lead was resolved before it could lead, the incident ends and its members leave", () => {
  const driven = new DrivenIncidents();
  const [lead, member] = driven.openAlike(2) as [string, string];
  const id = driven.byHand(lead, [member]);
  driven.command(lead, { type: "close" });
  driven.run();
  expect(driven.incident(id).ended).toMatchObject({ cause: "lead-ended" });
  expect(driven.case(member).incident).toBeUndefined();
});

test("the lead does not leave, and an unknown case does not either", () => {
  const driven = new DrivenIncidents();
  const [lead] = driven.openAlike(3) as [string];
  expect(driven.carrier("ic_1", { type: "leave", caseId: lead, reason })).toBe("illegal_transition");
  expect(driven.carrier("ic_1", { type: "leave", caseId: "cs_unknown", reason })).toBe("not_found");
});

const write = { type: "write", messageId: "ms_1", channel: "sms", via: "crm" } as const;

test("one message reaches the lead and each member in the name of its author, and later cases from a program", () => {
  const driven = new DrivenIncidents();
  const ids = driven.openAlike(3);
  expect(driven.carrier("ic_1", { ...write, text: "We are repairing the mast." })).toBeUndefined();
  driven.run();
  for (const id of ids) expect(driven.data(id, "message.released")).toMatchObject([{ actor: rep, content: "answer" }]);
  const [late] = driven.openAlike(1) as [string];
  expect(driven.types(late)).toEqual(["incident.joined", "message.written", "message.released"]);
  expect(driven.data(late, "message.released")).toMatchObject([{ actor: byProgram }]);
  expect(driven.incident("ic_1").messages).toMatchObject([{ state: "released", cases: 3 }]);
});

test("the guard holds the message once at the incident, and a person releases it once with a reason", () => {
  const driven = new DrivenIncidents();
  const ids = driven.openAlike(3);
  driven.carrier("ic_1", { ...write, text: blame });
  driven.run();
  expect(driven.incident("ic_1").messages).toMatchObject([{ state: "held", marks: [{ rule: "blame" }, {}] }]);
  expect(ids.flatMap((id) => driven.data(id, "message.written"))).toEqual([]);
  const release = { type: "release", messageId: "ms_1", reason: "checked" } as const;
  expect(driven.carrier("ic_1", release, byProgram)).toBe("forbidden");
  expect(driven.carrier("ic_1", release)).toBeUndefined();
  expect(driven.carrier("ic_1", release)).toBe("illegal_transition");
  driven.run();
  for (const id of ids) expect(driven.data(id, "message.released")).toMatchObject([{ reason: "checked", actor: rep }]);
});

test("a message that was withdrawn reaches no case", () => {
  const driven = new DrivenIncidents();
  const ids = driven.openAlike(3);
  driven.carrier("ic_1", { ...write, text: blame });
  expect(driven.carrier("ic_1", { type: "withdraw", messageId: "ms_1", reason })).toBeUndefined();
  driven.openAlike(1);
  expect(ids.flatMap((id) => driven.data(id, "message.written"))).toEqual([]);
});
