import { type CalendarDocument, type LineDocument, type PinnedCalendar } from "@crossline/contracts";
import { type DrawnEvent, agent, rep, program } from "./basic-events.ts";

const workdays = ["mon", "tue", "wed", "thu", "fri"];
const week = (open: string[]): CalendarDocument["week"] => Object.fromEntries(workdays.map((day) => [day, open]));
const office: CalendarDocument = {
  calendar: "office",
  zone: "America/Toronto",
  // The histories begin on Saturday, 7 March 2026. Daylight saving time starts in the following night.
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
    { kind: "reply", target: { critical: "PT30M", else: "PT2H" }, warnAt: [50], calendar: "24x7" },
    { kind: "need-by", target: "P1D", warnAt: [50] },
    { kind: "promise", target: "P1D", warnAt: [80] },
  ],
  crossing: [],
  lastResort: [],
  needBy: { cure: "PT1H", hours: "orchard/desk", margin: "PT30M" },
};

/** Lines with every key. The first and the second line have the same hours, and the third line is an observing line. */
export const fullDocuments: readonly LineDocument[] = [
  everything,
  {
    ...everything,
    needBy: { cure: "PT30M" },
    clocks: everything.clocks.map((clock) => ({ ...clock, target: "PT25M", warnAt: [33, 75] })),
  },
  { ...everything, mode: "observe", clocks: everything.clocks.slice(0, -2) },
];

const pass = { from: "inProgress", to: "pending" };
const page = { reason: "step", roster: "orchard.duty", actor: program };

/**
 * Events for cases under lines with every key. The deadline of a promise is `untilMs` after the instant of the promise.
 */
export const fullLineEvents: readonly DrawnEvent[] = [
  ["case.contacted", { channel: "mail", direction: "inbound", content: "inquiry", actor: rep }],
  ["case.status-changed", { ...pass, waitingOn: "customer", maximum: "PT20M", actor: rep }],
  ["case.status-changed", { ...pass, waitingOn: "vendor", actor: program }],
  ["case.status-changed", { ...pass, waitingOn: "carrier", maximum: "P3D", actor: rep }],
  ["case.severity-changed", { to: "critical", actor: rep }],
  ["case.severity-changed", { to: "major", actor: program }],
  ["case.severity-changed", { to: "minor", actor: program }],
  ["case.moved", { reason: "x", actor: rep }],
  ["case.moved", { reason: "x", actor: program }],
  ["case.merged", { leftMs: [300_000, 900_000, 120_000], actor: rep }],
  ["case.merged", { leftMs: [60_000, 7_200_000, 30_000], actor: rep }],
  ["case.merged", { leftMs: [60_000, 7_200_000, 30_000], needByMs: 10_800_000, actor: rep }],
  ["promise.made", { promisor: "northtel", untilMs: 3_600_000, actor: rep }],
  ["promise.made", { promisor: "orchard", untilMs: 600_000, actor: program }],
  ["promise.made", { promisor: "orchard", untilMs: -1, actor: program }],
  ["promise.delivered", { promisor: "northtel", kept: true, actor: rep }],
  ["promise.withdrawn", { promisor: "northtel", actor: rep }],
  ["handoff.offered", { vendor: "orchard", actor: program }],
  ["handoff.claimed", { vendor: "orchard", actor: agent }],
  ["handoff.renewed", { vendor: "orchard", actor: agent }],
  ["handoff.info-requested", { vendor: "orchard", code: "missing-item", items: [], actor: agent }],
  ["handoff.info-requested", { vendor: "orchard", code: "missing-item", items: [], actor: agent }],
  ["handoff.info-provided", { vendor: "orchard", bestEffort: false, actor: rep }],
  ["handoff.info-provided", { vendor: "orchard", bestEffort: true, actor: program }],
  ["handoff.released", { vendor: "orchard", actor: agent }],
  ["handoff.accepted", { vendor: "orchard", actor: agent }],
  ["handoff.returned", { vendor: "orchard", code: "bad-data", returns: 1, actor: agent }],
  ["handoff.transferred", { vendor: "orchard", code: "wrong-team", to: "acme.desk", actor: agent }],
  ["joint.declared", { accountable: "northtel", parties: ["northtel", "orchard"], returns: 2, actor: program }],
  ["joint.person-named", { party: "orchard", actor: agent }],
  ["joint.session-held", { parties: ["northtel", "orchard"], outcome: "x", actor: rep }],
  ["roster.paged", { ...page, acceptWithin: "PT5M" }],
  ["roster.paged", { ...page, acceptWithin: "PT5M" }],
  ["roster.paged", { ...page, reason: "need-by" }],
];
