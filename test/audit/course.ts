import { type CaseStatus, type EventType, type Instant, formatInstant } from "@crossline/contracts";
import { type DrawnEvent, program } from "./basic-events.ts";

const phasesBefore: Partial<Record<EventType, readonly string[]>> = {
  "handoff.offered": ["none"],
  "handoff.claimed": ["offered"],
  "handoff.renewed": ["claimed", "asked"],
  "handoff.info-requested": ["claimed"],
  "handoff.info-provided": ["asked"],
  "handoff.released": ["claimed", "asked"],
  "handoff.accepted": ["claimed", "asked"],
  "handoff.rejected": ["claimed", "asked"],
  "handoff.lapsed": ["offered", "claimed", "asked"],
  "handoff.withdrawn": ["offered", "claimed", "asked", "accepted"],
  "handoff.resolved": ["accepted"],
  "handoff.returned": ["accepted"],
  "handoff.transferred": ["accepted"],
  "handoff.taken": ["none"],
  "line.exhausted": ["none"],
  "last-resort.called": ["none"],
  "roster.paged": ["none"],
  "pool.assigned": ["none"],
  "pool.claimed": ["assigned", "claimed-by-pool"],
  "pool.released": ["assigned", "claimed-by-pool"],
  "pool.lapsed": ["assigned"],
  "pool.skipped": ["none"],
};
const phaseAfter: Partial<Record<EventType, string>> = {
  "handoff.offered": "offered",
  "handoff.claimed": "claimed",
  "handoff.info-requested": "asked",
  "handoff.info-provided": "claimed",
  "handoff.released": "offered",
  "handoff.accepted": "accepted",
  "pool.assigned": "assigned",
  "pool.claimed": "claimed-by-pool",
};

/**
 * Returns the data of a merge: the due instants of the source case's obligations, and the remaining time of its clock
 * `stall.busy`.
 */
function mergeData({ leftMs, actor, needByMs }: Record<string, unknown>, time: Instant): Record<string, unknown> {
  const [soon = 0, late = 0, busyMs = 0] = leftMs as number[];
  const due = (ms: number) => ({ leftMs: ms, dueAt: formatInstant(time + ms) });
  const owed = { "first-response": soon, "next-update": late, reply: soon, resolution: late, "need-by": late };
  const clocks = Object.entries({ ...owed, "stall.idle": soon }).map(([kind, ms]) => ({
    clock: kind,
    kind,
    charged: "northtel",
    ...due(ms),
  }));
  const busy = { clock: "stall.busy", kind: "stall.busy", charged: "northtel", leftMs: busyMs };
  const contacts = { count: 1, byChannel: {}, lastAt: formatInstant(time) };
  const needBy = needByMs === undefined ? {} : { needBy: formatInstant(time + Number(needByMs)) };
  const other = { from: "cs_x", carrierCaseId: "x", reason: "x", contacts, entries: [], ...needBy };
  return { actor, ...other, clocks: [...clocks, busy] };
}

const ended: readonly CaseStatus[] = ["closed", "rejected", "cancelled"];
/** Intake refuses these events if the case has ended. */
const ofOpenCases: readonly EventType[] = [
  "case.severity-changed",
  "case.severity-proposed",
  "case.severity-declined",
  "case.moved",
  "case.merged",
  "case.corrected",
  "case.status-changed",
  "case.resolved",
  "case.confirmed",
  "case.closed",
  "crossing.requested",
  "promise.made",
];

/** The part of a case's state that decides whether intake and routing allow an event. */
type CourseState = {
  severity: string;
  status: CaseStatus;
  isMergedAway: boolean;
  waitsForCustomer: boolean;
  phase: string;
  handoffId: string;
  assignmentId: string;
  vendor: string;
  readonly promises: string[];
  /** The messages that were sent and have not failed. */
  readonly messages: string[];
  readonly handlings: Set<string>;
};

/** Returns the course of a case, which contains only events that intake and routing allow. */
export function createCourse(opened: { readonly severity: string; readonly status: CaseStatus }) {
  const state: CourseState = {
    ...opened,
    isMergedAway: false,
    waitsForCustomer: false,
    phase: "none",
    handoffId: "ho_none",
    assignmentId: "pa_none",
    vendor: "none",
    promises: [],
    messages: [],
    handlings: new Set(),
  };
  return {
    /** Returns an event with its ids, and then the events that this event causes immediately. Returns no event if a service would refuse the first one. */
    next([type, data]: DrawnEvent, index: number, time: Instant): readonly DrawnEvent[] {
      const before = phasesBefore[type];
      if (ended.includes(state.status) && ofOpenCases.includes(type)) return [];
      if (state.isMergedAway && type !== "case.contacted") return [];
      if (before !== undefined && !before.includes(state.phase)) return [];
      const all =
        type === "case.contacted" ? publishContact(state, data, index) : publishOne(state, [type, data], index, time);
      for (const each of all) applyToState(state, each);
      return [...all, ...withdrawHandoff(state)];
    },
  };
}

function applyToState(state: CourseState, [type, { to, status, waitingOn, reason }]: DrawnEvent): void {
  if (type === "case.status-changed") state.status = to as CaseStatus;
  if (type === "case.recorded") state.status = status as CaseStatus;
  if (type === "case.resolved") state.status = "resolved";
  if (type === "case.closed") state.status = "closed";
  if (type === "case.reopened") state.status = "reopened";
  if (type === "case.closed" && reason === "merged") state.isMergedAway = true;
  if (ended.includes(state.status)) state.handlings.clear();
  if (type === "case.status-changed") state.waitsForCustomer = waitingOn === "customer";
  state.waitsForCustomer &&= state.status === "pending";
}

/** Routing withdraws the open hand-off of a solved case, and releases its assignment. */
function withdrawHandoff(state: CourseState): readonly DrawnEvent[] {
  const { phase, assignmentId } = state;
  if (phase === "none" || (state.status !== "resolved" && !ended.includes(state.status))) return [];
  state.phase = "none";
  if (phase === "assigned" || phase === "claimed-by-pool")
    return [["pool.released", { pool: "ios", reason: "case-ended", assignmentId, actor: program }]];
  const { handoffId, vendor } = state;
  return [["handoff.withdrawn", { vendor, reason: "case-ended", handoffId, actor: program }]];
}

function publishOne(state: CourseState, [type, data]: DrawnEvent, index: number, time: Instant): readonly DrawnEvent[] {
  const [noun] = type.split(".");
  if (noun === "handoff") return publishHandoff(state, [type, data], index);
  if (noun === "pool") return publishPool(state, [type, data], index);
  if (type === "message.failed") return publishFailure(state, data);
  if (noun === "promise") return publishPromise(state, [type, data], index, time);
  if (noun === "handling") return isPossible(state, type, String(data["handlingId"])) ? [[type, data]] : [];
  switch (type) {
    case "roster.paged":
      return [[type, { ...data, pageId: `pg_${index}` }]];
    case "case.reopened":
      return state.status === "resolved" || state.status === "closed" ? [[type, data]] : [];
    case "case.severity-changed": {
      const from = state.severity;
      state.severity = String(data["to"]);
      return from === state.severity ? [] : [[type, { ...data, from }]];
    }
    case "case.merged":
      return [[type, mergeData(data, time)]];
    case "case.corrected": {
      const { needByMs, ...corrected } = data;
      const needBy = needByMs === undefined ? {} : { needBy: formatInstant(time + Number(needByMs)) };
      return [[type, { ...corrected, ...needBy, reason: "x", from: {} }]];
    }
    default:
      return [[type, data]];
  }
}

function publishHandoff(state: CourseState, [type, data]: DrawnEvent, index: number): readonly DrawnEvent[] {
  if (type === "handoff.offered") Object.assign(state, { handoffId: `ho_${index}`, vendor: data["vendor"] });
  if (type === "handoff.taken") return [[type, { ...data, handoffId: state.handoffId }]];
  state.phase = phaseAfter[type] ?? "none";
  return [[type, { ...data, handoffId: state.handoffId, vendor: state.vendor, actor: actorOf(state, data) }]];
}

function publishPool(state: CourseState, [type, data]: DrawnEvent, index: number): readonly DrawnEvent[] {
  if (type === "pool.skipped") return [[type, data]];
  if (type === "pool.assigned") state.assignmentId = `pa_${index}`;
  state.phase = phaseAfter[type] ?? "none";
  return [[type, { ...data, assignmentId: state.assignmentId }]];
}

/**
 * Returns the actor of an event. If the actor does not belong to the carrier, the result names the asked
 * vendor as the party of the actor.
 */
function actorOf({ vendor }: CourseState, { actor }: Record<string, unknown>): unknown {
  const { party } = actor as { readonly party: string };
  return party === "northtel" ? actor : { ...(actor as object), party: vendor };
}

function isPossible({ status, handlings }: CourseState, type: EventType, id: string): boolean {
  if (type === "handling.ended") return handlings.delete(id);
  if (type === "handling.continued") return handlings.has(id);
  if (ended.includes(status) || handlings.has(id)) return false;
  handlings.add(id);
  return true;
}

function publishPromise(
  { promises }: CourseState,
  [type, { untilMs, ...data }]: DrawnEvent,
  index: number,
  time: Instant,
): readonly DrawnEvent[] {
  if (type === "promise.made") {
    if (promises.length >= 10) return [];
    promises.push(`pr_${index}`);
    return [[type, { ...data, promiseId: promises.at(-1), until: formatInstant(time + Number(untilMs)) }]];
  }
  const promiseId = promises.shift();
  return promiseId === undefined ? [] : [[type, { ...data, promiseId }]];
}

/** Returns the failure of the first or the last sent message, or of a message that was never sent. */
function publishFailure({ messages }: CourseState, { which, ...data }: Record<string, unknown>): readonly DrawnEvent[] {
  const messageId = which === "none" ? "ms_none" : which === "first" ? messages.shift() : messages.pop();
  return messageId === undefined ? [] : [["message.failed", { ...data, messageId }]];
}

/** Returns a contact and the events that intake publishes with it. A change of the case precedes the events that need the change. */
function publishContact(
  { status, waitsForCustomer, messages }: CourseState,
  { person, inMessage, ...data }: Record<string, unknown>,
  index: number,
): readonly DrawnEvent[] {
  const { direction, content, actor, channel } = data;
  const messageId = inMessage === true ? { messageId: `ms_${index}` } : {};
  if (inMessage === true) messages.push(`ms_${index}`);
  const contactEvent: DrawnEvent = ["case.contacted", { ...data, ...messageId, contactId: `ct_${index}` }];
  const handling = { handlingId: `hd_${index}`, channel, actor };
  const live: readonly DrawnEvent[] =
    person === true
      ? [
          ["handling.started", handling],
          ["handling.ended", handling],
        ]
      : [];
  if (direction !== "inbound" || content === "auto-reply") return [contactEvent, ...live];
  const [from, to] = ["pending", "inProgress"];
  if (waitsForCustomer) return [contactEvent, ["case.status-changed", { from, to, actor: program }], ...live];
  if (status === "resolved" && content === "works")
    return [
      contactEvent,
      ["case.confirmed", { actor }],
      ["case.closed", { from: status, reason: "confirmed", actor }],
      ...live,
    ];
  if (status === "resolved" && content === "still-broken")
    return [["case.reopened", { from: status, code: "still-broken", reason: "x", actor }], contactEvent, ...live];
  return [contactEvent, ...live];
}
