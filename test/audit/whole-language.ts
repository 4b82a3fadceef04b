import {
  type CalendarDocument,
  type EventType,
  type Instant,
  type LineDocument,
  type PinnedCalendar,
  formatInstant,
} from "@crossline/contracts";
import { type Happening, agent, rep, robot } from "./first-language.ts";

const workdays = ["mon", "tue", "wed", "thu", "fri"];
const week = (open: string[]): CalendarDocument["week"] => Object.fromEntries(workdays.map((day) => [day, open]));
const office: CalendarDocument = {
  calendar: "office",
  zone: "America/Toronto",
  // The histories begin on Saturday, 7 March 2026: the clocks go forward in the night after.
  week: { ...week(["09:00-12:30", "13:00-17:00"]), sat: ["08:00-12:00"], sun: ["01:30-04:00"] },
  exceptions: [{ date: "2026-03-10", open: ["10:00-11:00"] }],
};
const desk: CalendarDocument = {
  calendar: "desk",
  zone: "Europe/Berlin",
  week: { ...week(["08:00-24:00"]), sat: ["12:00-24:00"] },
};
export const pinned: Readonly<Record<string, PinnedCalendar>> = {
  office: { ref: { party: "northtel", name: "office", version: 1 }, document: office },
  "orchard/desk": { ref: { party: "orchard", name: "desk", version: 1 }, document: desk },
};

const everything: LineDocument = {
  line: "test",
  mode: "cross",
  calendar: "office",
  clocks: [
    { kind: "first-response", target: { critical: "PT30M", else: "PT1H" }, warnAt: [80] },
    { kind: "next-update", target: { critical: "PT10M", else: "PT40M" }, warnAt: [50], calendar: "24x7" },
    { kind: "stall.busy", target: "PT10M", warnAt: [50], calendar: "24x7", pausedWhile: ["held", "offered"] },
    { kind: "stall.idle", target: { critical: "PT10M", major: "PT20M", else: "PT40M" }, warnAt: [50] },
    { kind: "vendor.acceptance", target: { critical: "PT2M", else: "PT15M" }, warnAt: [50], calendar: "orchard/desk" },
    { kind: "information", target: "PT2H", warnAt: [10], calendar: "24x7" },
    { kind: "joint", target: "PT30M", warnAt: [], calendar: ["office", "orchard/desk"] },
    {
      kind: "resolution",
      target: { critical: "PT1H", major: "PT2H", else: "PT3H" },
      warnAt: [25, 50, 75],
      calendar: "24x7",
    },
    {
      kind: "resolution",
      name: "carriers-part",
      target: { critical: "PT1H", else: "PT2H" },
      warnAt: [50],
      calendar: "24x7",
      pausedWhile: ["offered", "accepted", "vendor", "customer"],
    },
    { kind: "need-by", target: "P1D", warnAt: [50] },
    { kind: "promise", target: "P1D", warnAt: [80] },
  ],
  crossing: [],
  lastResort: [],
  needBy: { cure: "PT1H", hours: "orchard/desk", margin: "PT30M" },
};

/** Lines with all that the language has: two that a case can be moved between without a change of hours, and one that only observes. */
export const wholeDocuments: readonly LineDocument[] = [
  everything,
  {
    ...everything,
    needBy: { cure: "PT30M" },
    clocks: everything.clocks.map((clock) => ({ ...clock, target: "PT25M", warnAt: [33, 75] })),
  },
  { ...everything, mode: "observe", clocks: everything.clocks.slice(0, -2) },
];

const pass = { from: "inProgress", to: "pending" };
const page = { reason: "step", roster: "orchard.duty", actor: robot };

/** `untilMs`, of a promise, is counted from when it is made. */
export const newHappenings: readonly Happening[] = [
  ["case.contacted", { channel: "mail", direction: "inbound", content: "inquiry", actor: rep }],
  ["case.status-changed", { ...pass, waitingOn: "customer", maximum: "PT20M", actor: rep }],
  ["case.status-changed", { ...pass, waitingOn: "vendor", actor: robot }],
  ["case.status-changed", { ...pass, waitingOn: "carrier", maximum: "P3D", actor: rep }],
  ["case.severity-changed", { to: "critical", actor: rep }],
  ["case.severity-changed", { to: "major", actor: robot }],
  ["case.severity-changed", { to: "minor", actor: robot }],
  ["case.moved", { reason: "x", actor: rep }],
  ["case.moved", { reason: "x", actor: robot }],
  ["case.merged", { leftMs: [300_000, 900_000, 120_000], actor: rep }],
  ["case.merged", { leftMs: [60_000, 7_200_000, 30_000], actor: rep }],
  ["promise.made", { promisor: "northtel", untilMs: 3_600_000, actor: rep }],
  ["promise.made", { promisor: "orchard", untilMs: 600_000, actor: robot }],
  ["promise.made", { promisor: "orchard", untilMs: -1, actor: robot }],
  ["promise.delivered", { promisor: "northtel", actor: rep }],
  ["promise.withdrawn", { promisor: "northtel", actor: rep }],
  ["handoff.offered", { vendor: "orchard", actor: robot }],
  ["handoff.claimed", { vendor: "orchard", actor: agent }],
  ["handoff.info-requested", { vendor: "orchard", code: "missing-item", items: [], actor: agent }],
  ["handoff.info-requested", { vendor: "orchard", code: "missing-item", items: [], actor: agent }],
  ["handoff.info-provided", { vendor: "orchard", bestEffort: false, actor: rep }],
  ["handoff.info-provided", { vendor: "orchard", bestEffort: true, actor: robot }],
  ["handoff.released", { vendor: "orchard", actor: agent }],
  ["handoff.accepted", { vendor: "orchard", actor: agent }],
  ["handoff.returned", { vendor: "orchard", code: "bad-data", returns: 1, actor: agent }],
  ["handoff.transferred", { vendor: "orchard", code: "wrong-team", to: "acme.desk", actor: agent }],
  ["joint.declared", { accountable: "northtel", parties: ["northtel", "orchard"], returns: 2, actor: robot }],
  ["joint.person-named", { party: "orchard", actor: agent }],
  ["joint.session-held", { parties: ["northtel", "orchard"], outcome: "x", actor: rep }],
  ["roster.paged", { ...page, acceptWithin: "PT5M" }],
  ["roster.paged", { ...page, acceptWithin: "PT5M" }],
  ["roster.paged", { ...page, reason: "need-by" }],
];

const phasesBefore: Partial<Record<EventType, readonly string[]>> = {
  "handoff.offered": ["none"],
  "handoff.claimed": ["offered"],
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
function merged({ leftMs, actor }: Record<string, unknown>, time: Instant): Record<string, unknown> {
  const [soon = 0, late = 0, onTheLine = 0] = leftMs as number[];
  const due = (ms: number) => ({ leftMs: ms, dueAt: formatInstant(time + ms) });
  const kinds = { "first-response": soon, "next-update": late, resolution: late, "stall.idle": soon, "need-by": late };
  const clocks = Object.entries(kinds).map(([kind, ms]) => ({ clock: kind, kind, charged: "northtel", ...due(ms) }));
  const busy = { clock: "stall.busy", kind: "stall.busy", charged: "northtel", leftMs: onTheLine };
  const contacts = { count: 1, byChannel: {}, lastAt: formatInstant(time) };
  return { actor, from: "cs_x", carrierCaseId: "x", reason: "x", clocks: [...clocks, busy], contacts, entries: [] };
}

/** What intake and routing would let happen: they refuse the rest. */
export function createCourse(opened: { readonly severity: string }) {
  let { severity } = opened;
  let phase = "none";
  let handoffId = "ho_none";
  let isOver = false;
  const promises: string[] = [];

  /** The event with its ids, or undefined where it would be refused. */
  function next([type, data]: Happening, index: number, time: Instant): Happening | undefined {
    const before = phasesBefore[type];
    if (before !== undefined && !before.includes(phase)) return undefined;
    if (type === "case.closed" || type === "case.reopened") isOver = type === "case.closed";
    if (type === "handoff.offered") handoffId = `ho_${index}`;
    if (type.startsWith("handoff.") && type !== "handoff.taken") phase = phaseAfter[type] ?? "none";
    if (type.startsWith("handoff.")) return [type, { ...data, handoffId }];
    if (type === "roster.paged") return [type, { ...data, pageId: `pg_${index}` }];
    if (type === "case.severity-changed") {
      if (isOver || data["to"] === severity) return undefined;
      const from = severity;
      severity = String(data["to"]);
      return [type, { ...data, from }];
    }
    if (type === "case.moved") return isOver ? undefined : [type, data];
    if (type === "case.merged") return isOver ? undefined : [type, merged(data, time)];
    return type.startsWith("promise.") ? promise([type, data], index, time) : [type, data];
  }

  function promise([type, { untilMs, ...data }]: Happening, index: number, time: Instant): Happening | undefined {
    if (type === "promise.made") {
      if (isOver || promises.length >= 10) return undefined;
      promises.push(`pr_${index}`);
      return [type, { ...data, promiseId: promises.at(-1), until: formatInstant(time + Number(untilMs)) }];
    }
    const promiseId = promises.shift();
    return promiseId === undefined ? undefined : [type, { ...data, promiseId }];
  }

  return { next };
}
