import type { EventType, LineDocument } from "@crossline/contracts";

/** The type and data of an event that has no place in a history yet. */
export type DrawnEvent = readonly [type: EventType, data: Record<string, unknown>];

export const document: LineDocument = {
  line: "test",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "first-response", target: { live: "PT5M", critical: "PT10M", else: "PT1H" }, warnAt: [80] },
    { kind: "stall.busy", target: "PT10M", warnAt: [90, 50, 75, 50] },
    { kind: "stall.busy", name: "busy-short", target: "PT150S", warnAt: [33] },
    { kind: "handling.limit", target: "PT25M", warnAt: [] },
    { kind: "stall.idle", target: { critical: "PT10M", major: "PT20M", else: "PT40M" }, warnAt: [50] },
    { kind: "vendor.acceptance", target: { critical: "PT2M", else: "PT15M" }, warnAt: [50] },
    { kind: "information", target: "PT2H", warnAt: [10] },
  ],
  crossing: [],
  lastResort: [],
};
export const rep = { party: "northtel", automated: false };
export const program = { party: "northtel", automated: true };
export const agent = { party: "orchard", automated: false };

export const basicEvents: readonly DrawnEvent[] = [
  ["handling.started", { handlingId: "a", channel: "phone", actor: rep }],
  ["handling.continued", { handlingId: "a", channel: "phone", actor: rep }],
  ["handling.continued", { handlingId: "a", channel: "phone", actor: program }],
  ["handling.ended", { handlingId: "a", channel: "phone", actor: rep }],
  ["handling.started", { handlingId: "b", channel: "chat", actor: agent }],
  ["handling.continued", { handlingId: "b", channel: "chat", actor: agent }],
  ["handling.started", { handlingId: "c", channel: "phone", actor: rep }],
  ["entry.added", { kind: "fact", by: "party", news: true, actor: rep }],
  ["entry.added", { kind: "fact", by: "party", news: false, actor: rep }],
  ["entry.added", { kind: "hypothesis", by: "customer", news: true, actor: rep }],
  ["entry.added", { kind: "step-tried", by: "party", news: true, actor: program }],
  ["entry.added", { kind: "note", by: "party", news: true, actor: agent }],
  ["entry.added", { kind: "step-tried", by: "party", news: true, actor: agent }],
  ["case.contacted", { channel: "mail", direction: "outbound", content: "answer", actor: rep }],
  ["case.contacted", { channel: "mail", direction: "outbound", content: "article", actor: rep }],
  ["case.contacted", { channel: "mail", direction: "inbound", content: "inquiry", actor: program }],
  ["case.status-changed", { from: "acknowledged", to: "pending", actor: rep }],
  ["case.status-changed", { from: "acknowledged", to: "pending", actor: program }],
  ["case.status-changed", { from: "pending", to: "inProgress", actor: program }],
  ["case.status-changed", { from: "pending", to: "held", actor: rep }],
  ["case.recorded", { status: "inProgress", actor: rep }],
  ["case.resolved", { from: "inProgress", actor: rep }],
  ["case.confirmed", { actor: rep }],
  ["case.reopened", { from: "resolved", reason: "still broken", actor: rep }],
  ["case.closed", { from: "resolved", reason: "by-carrier", actor: rep }],
  ["crossing.requested", { asOf: 1, actor: rep }],
  ["handoff.offered", { vendor: "orchard", acceptWithin: "PT90S", actor: program }],
  ["handoff.offered", { vendor: "orchard", actor: program }],
  ["handoff.claimed", { vendor: "orchard", actor: agent }],
  ["handoff.accepted", { vendor: "orchard", actor: agent }],
  ["handoff.rejected", { vendor: "orchard", code: "duplicate", actor: agent }],
  ["handoff.lapsed", { vendor: "orchard", actor: program }],
  ["handoff.withdrawn", { vendor: "orchard", reason: "overtaken", actor: program }],
  ["handoff.resolved", { vendor: "orchard", fixCode: "x", actor: agent }],
  ["line.exhausted", { lastResort: [], actor: program }],
  ["last-resort.called", { call: 1, next: "PT1M", addresses: [], actor: program }],
  ["last-resort.called", { call: 2, next: "PT2M", addresses: [], actor: program }],
  ["handoff.taken", { actor: rep }],
  ["pool.assigned", { pool: "ios", acceptWithin: "PT90S", actor: program }],
  ["pool.assigned", { pool: "ios", actor: program }],
  ["pool.claimed", { pool: "ios", actor: rep }],
  ["pool.released", { pool: "ios", reason: "by-person", actor: rep }],
  ["pool.lapsed", { pool: "ios", actor: program }],
  ["pool.skipped", { pool: "ios", onDuty: 0, actor: program }],
];
