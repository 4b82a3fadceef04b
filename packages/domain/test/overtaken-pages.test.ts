import { type EventData, type EventType, topics } from "@crossline/contracts";
import { type CaseAct, type PageSignal, type PageReason, isPageOvertaken, pageSignalsOf } from "@crossline/domain";
import { expect, test } from "vitest";

const actor = { party: "northtel", person: "rep-1", automated: false };
const page = (more: Partial<PageReason> = {}): PageReason => ({ reason: "step", sequence: 5, at: 1_000, ...more });

/** Returns the page signals of an event. */
function said(type: EventType, data: object, { sequence = 9, at = 2_000 } = {}): PageSignal[] {
  const noun = type.startsWith("clock.") ? "clock" : /^(?:handoff|joint)\./.test(type) ? "handoff" : "case";
  const event = { topic: topics[noun], key: "cs_1", sequence, type, time: at, timeline: "wall", data };
  return pageSignalsOf(event as unknown as CaseAct);
}

const closed: EventData<"case.closed"> = { actor, from: "resolved", reason: "confirmed" };
const joining = { actor, incidentId: "ic_1", leadCaseId: "cs_2", holder: "orchard", reason: "alike" };
const changed = (to: string) => said("case.status-changed", { actor, from: "acknowledged", to });
const contacted = (more: object) =>
  said("case.contacted", {
    actor,
    contactId: "ct_1",
    channel: "phone",
    direction: "outbound",
    content: "answer",
    ...more,
  });

test.each([
  ["a take", said("handoff.taken", { actor })],
  ["an acceptance", said("handoff.accepted", { actor })],
  ["a vendor's resolution", said("handoff.resolved", { actor })],
  ["the carrier's resolution", said("case.resolved", { actor })],
  ["a closing", said("case.closed", closed)],
  ["a cancellation", changed("cancelled")],
])("%s overtakes a page of a step and a page of the last resort", (_, signals) => {
  expect(isPageOvertaken(page(), signals)).toBe(true);
  expect(isPageOvertaken(page({ reason: "last-resort" }), signals)).toBe(true);
});

test("the joining of an incident overtakes a page of a step, but not a page of the last resort", () => {
  const joined = said("incident.joined", joining);
  expect(isPageOvertaken(page(), joined)).toBe(true);
  expect(isPageOvertaken(page({ reason: "last-resort" }), joined)).toBe(false);
});

test.each([
  ["an earlier take", said("handoff.taken", { actor }, { sequence: 4, at: 3_000 })],
  ["an earlier closing", said("case.closed", closed, { sequence: 90, at: 1_000 })],
  ["another status of an open case", changed("inProgress")],
  ["an answer", contacted({})],
  ["nothing", []],
])("%s overtakes neither a page of a step nor a page of the last resort", (_, signals) => {
  expect(isPageOvertaken(page(), signals)).toBe(false);
  expect(isPageOvertaken(page({ reason: "last-resort" }), signals)).toBe(false);
});

const promiseClock = { clock: "promise/pr_1", kind: "promise", firingId: "f-1" } as const;
const promised = { actor, promiseId: "pr_1", promisor: "northtel" };
const overtaken = (kind: string) =>
  said("clock.overtaken", { clock: "c", kind, incarnation: "case/1", firingIds: ["f-1"] });

test.each<[string, Partial<PageReason>, PageSignal[], boolean]>([
  ["need-by", { reason: "need-by" }, said("case.confirmed", { actor }), true],
  ["need-by", { reason: "need-by" }, said("promise.delivered", { ...promised, kept: true, for: "need-by" }), true],
  ["need-by", { reason: "need-by" }, said("promise.delivered", { ...promised, kept: true }), false],
  ["need-by", { reason: "need-by" }, said("case.corrected", { actor, needBy: null }), true],
  ["need-by", { reason: "need-by" }, said("case.corrected", { actor, title: "x" }), false],
  ["need-by", { reason: "need-by" }, said("case.resolved", { actor }), true],
  ["need-by", { reason: "need-by" }, said("case.reopened", { actor }), false],
  ["need-by", { reason: "need-by" }, said("handoff.taken", { actor }), false],
  ["need-by", { reason: "need-by", firingId: "f-1" }, overtaken("need-by"), true],
  ["need-by", { reason: "need-by", firingId: "f-2" }, overtaken("need-by"), false],
  ["need-by", { reason: "need-by", firingId: "f-1" }, overtaken("stall.busy"), false],
  ["emergency", { reason: "emergency" }, said("case.confirmed", { actor }), true],
  ["emergency, of a promise", { reason: "emergency", ...promiseClock }, said("promise.withdrawn", promised), true],
  ["emergency, of a promise", { reason: "emergency", ...promiseClock }, said("case.resolved", { actor }), false],
  ["promise", { reason: "promise", ...promiseClock }, said("promise.delivered", { ...promised, kept: false }), true],
  [
    "promise",
    { reason: "promise", ...promiseClock },
    said("promise.withdrawn", { ...promised, promiseId: "pr_2" }),
    false,
  ],
  ["promise", { reason: "promise", ...promiseClock }, said("case.closed", closed), true],
  ["joint", { reason: "joint" }, said("joint.session-held", { actor }), true],
  ["joint", { reason: "joint" }, said("case.resolved", { actor }), true],
  ["reply", { reason: "reply" }, contacted({}), true],
  ["reply", { reason: "reply" }, contacted({ content: "auto-reply" }), false],
  ["reply", { reason: "reply" }, contacted({ direction: "inbound", content: "inquiry" }), false],
  ["reply", { reason: "reply" }, said("handling.started", { actor, handlingId: "h", channel: "phone" }), true],
  ["reply", { reason: "reply" }, said("case.closed", closed), false],
  ["reply", { reason: "reply" }, said("case.closed", { ...closed, reason: "merged" }), true],
])("a page for %s (%j) is overtaken exactly when its reason is gone", (_, more, signals, expected) => {
  expect(isPageOvertaken(page(more), signals)).toBe(expected);
});
