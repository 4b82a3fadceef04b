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
};
const phaseAfter: Partial<Record<EventType, string>> = {
  "handoff.offered": "offered",
  "handoff.claimed": "claimed",
  "handoff.info-requested": "asked",
  "handoff.info-provided": "claimed",
  "handoff.released": "offered",
  "handoff.accepted": "accepted",
};

/** What another case had left: of what it owed to the customer when it is due, and of the minutes on the line how many. */
function mergeData({ leftMs, actor, needByMs }: Record<string, unknown>, time: Instant): Record<string, unknown> {
  const [soon = 0, late = 0, onTheLine = 0] = leftMs as number[];
  const due = (ms: number) => ({ leftMs: ms, dueAt: formatInstant(time + ms) });
  const owed = { "first-response": soon, "next-update": late, reply: soon, resolution: late, "need-by": late };
  const clocks = Object.entries({ ...owed, "stall.idle": soon }).map(([kind, ms]) => ({
    clock: kind,
    kind,
    charged: "northtel",
    ...due(ms),
  }));
  const busy = { clock: "stall.busy", kind: "stall.busy", charged: "northtel", leftMs: onTheLine };
  const contacts = { count: 1, byChannel: {}, lastAt: formatInstant(time) };
  const needBy = needByMs === undefined ? {} : { needBy: formatInstant(time + Number(needByMs)) };
  const other = { from: "cs_x", carrierCaseId: "x", reason: "x", contacts, entries: [], ...needBy };
  return { actor, ...other, clocks: [...clocks, busy] };
}

const ended: readonly CaseStatus[] = ["closed", "rejected", "cancelled"];
/** Refused where the case has ended. */
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

/** How far a case has come, as intake and routing know it. */
type CourseState = {
  severity: string;
  status: CaseStatus;
  isMergedAway: boolean;
  waitsForCustomer: boolean;
  phase: string;
  handoffId: string;
  vendor: string;
  readonly promises: string[];
  readonly handlings: Set<string>;
};

/** What intake and routing would let happen: they refuse the rest. */
export function createCourse(opened: { readonly severity: string; readonly status: CaseStatus }) {
  const on: CourseState = {
    ...opened,
    isMergedAway: false,
    waitsForCustomer: false,
    phase: "none",
    handoffId: "ho_none",
    vendor: "none",
    promises: [],
    handlings: new Set(),
  };
  return {
    /** What is published, with its ids and all that follows at once from it: nothing where it would be refused. */
    next([type, data]: DrawnEvent, index: number, time: Instant): readonly DrawnEvent[] {
      const before = phasesBefore[type];
      if (ended.includes(on.status) && ofOpenCases.includes(type)) return [];
      if (on.isMergedAway && type !== "case.contacted") return [];
      if (before !== undefined && !before.includes(on.phase)) return [];
      const all =
        type === "case.contacted" ? publishContact(on, data, index) : publishOne(on, [type, data], index, time);
      for (const each of all) applyToState(on, each);
      return [...all, ...withdrawHandoff(on)];
    },
  };
}

function applyToState(on: CourseState, [type, { to, status, waitingOn, reason }]: DrawnEvent): void {
  if (type === "case.status-changed") on.status = to as CaseStatus;
  if (type === "case.recorded") on.status = status as CaseStatus;
  if (type === "case.resolved") on.status = "resolved";
  if (type === "case.closed") on.status = "closed";
  if (type === "case.reopened") on.status = "reopened";
  if (type === "case.closed" && reason === "merged") on.isMergedAway = true;
  if (ended.includes(on.status)) on.handlings.clear();
  if (type === "case.status-changed") on.waitsForCustomer = waitingOn === "customer";
  on.waitsForCustomer &&= on.status === "pending";
}

/** Routing ends what is open of a case that is solved. */
function withdrawHandoff(on: CourseState): readonly DrawnEvent[] {
  if (on.phase === "none" || (on.status !== "resolved" && !ended.includes(on.status))) return [];
  on.phase = "none";
  const { handoffId, vendor } = on;
  return [["handoff.withdrawn", { vendor, reason: "case-ended", handoffId, actor: program }]];
}

function publishOne(on: CourseState, [type, data]: DrawnEvent, index: number, time: Instant): readonly DrawnEvent[] {
  const [noun] = type.split(".");
  if (noun === "handoff") return publishHandoff(on, [type, data], index);
  if (noun === "promise") return publishPromise(on, [type, data], index, time);
  if (noun === "handling") return isPossible(on, type, String(data["handlingId"])) ? [[type, data]] : [];
  switch (type) {
    case "roster.paged":
      return [[type, { ...data, pageId: `pg_${index}` }]];
    case "case.reopened":
      return on.status === "resolved" || on.status === "closed" ? [[type, data]] : [];
    case "case.severity-changed": {
      const from = on.severity;
      on.severity = String(data["to"]);
      return from === on.severity ? [] : [[type, { ...data, from }]];
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

function publishHandoff(on: CourseState, [type, data]: DrawnEvent, index: number): readonly DrawnEvent[] {
  if (type === "handoff.offered") Object.assign(on, { handoffId: `ho_${index}`, vendor: data["vendor"] });
  if (type === "handoff.taken") return [[type, { ...data, handoffId: on.handoffId }]];
  on.phase = phaseAfter[type] ?? "none";
  return [[type, { ...data, handoffId: on.handoffId, vendor: on.vendor, actor: actorOf(on, data) }]];
}

/** A vendor's person acts for the vendor that was asked. */
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

/** A contact, and what intake publishes with it at the same instant: what changes the case comes before what depends on it. */
function publishContact(
  { status, waitsForCustomer }: CourseState,
  { person, ...data }: Record<string, unknown>,
  index: number,
): readonly DrawnEvent[] {
  const { direction, content, actor, channel } = data;
  const contacted: DrawnEvent = ["case.contacted", { ...data, contactId: `ct_${index}` }];
  const handling = { handlingId: `hd_${index}`, channel, actor };
  const live: readonly DrawnEvent[] =
    person === true
      ? [
          ["handling.started", handling],
          ["handling.ended", handling],
        ]
      : [];
  if (direction !== "inbound" || content === "auto-reply") return [contacted, ...live];
  const [from, to] = ["pending", "inProgress"];
  if (waitsForCustomer) return [contacted, ["case.status-changed", { from, to, actor: program }], ...live];
  if (status === "resolved" && content === "works")
    return [
      contacted,
      ["case.confirmed", { actor }],
      ["case.closed", { from: status, reason: "confirmed", actor }],
      ...live,
    ];
  if (status === "resolved" && content === "still-broken")
    return [["case.reopened", { from: status, code: "still-broken", reason: "x", actor }], contacted, ...live];
  return [contacted, ...live];
}
