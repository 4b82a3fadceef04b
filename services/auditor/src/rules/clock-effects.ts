import type { AuditedEvent } from "./audited-event.ts";

/**
 * The effect of each event type on clocks.
 *
 * - `clocks`: the event can start, end, change or pause clocks.
 * - `actor`: the event affects clocks only if it is a person's sign of life, answer or progress.
 * - `nothing`: the event changes no clock.
 *
 * The auditor checks the effects of events on clocks, but not the decisions behind events. For example, the auditor does not
 * check whether a case becomes joint, which line step or queue follows, or which person is paged. The auditor reads neither
 * `queue.*` events nor the events of notification. The README lists all effects that are unaudited.
 */
export const clockEffects: Readonly<Record<AuditedEvent["type"], "clocks" | "actor" | "nothing">> = {
  "case.opened": "clocks",
  "case.contacted": "clocks",
  "case.status-changed": "clocks",
  "case.recorded": "clocks",
  "case.resolved": "clocks",
  "case.confirmed": "clocks",
  "case.reopened": "clocks",
  "case.closed": "clocks",
  "case.severity-changed": "clocks",
  "case.severity-proposed": "actor",
  "case.severity-declined": "actor",
  "case.moved": "clocks",
  "case.merged": "clocks",
  "case.corrected": "clocks",
  "crossing.requested": "clocks",
  "entry.added": "actor",
  "handling.started": "clocks",
  "handling.continued": "clocks",
  "handling.ended": "clocks",
  "problem.opened": "actor",
  "incident.opened": "actor",
  "incident.counted": "actor",
  "incident.joined": "clocks",
  "incident.held": "actor", // It changes the charged party, which the auditor does not compare.
  "incident.left": "clocks",
  "incident.ended": "actor",
  "change.linked": "actor",
  "change.unlinked": "actor",
  "known-error.matched": "actor",
  "message.written": "actor",
  "message.reworded": "actor",
  "message.released": "actor",
  "message.withdrawn": "actor",
  "message.failed": "clocks",
  "promise.made": "clocks",
  "promise.delivered": "clocks",
  "promise.withdrawn": "clocks",
  "handoff.offered": "clocks",
  "handoff.claimed": "actor",
  "handoff.renewed": "nothing",
  "handoff.released": "clocks",
  "handoff.accepted": "clocks",
  "handoff.rejected": "clocks",
  "handoff.returned": "clocks",
  "handoff.transferred": "clocks",
  "handoff.resolved": "clocks",
  "handoff.lapsed": "clocks",
  "handoff.withdrawn": "clocks",
  "handoff.taken": "clocks",
  "handoff.confirmed": "actor",
  "handoff.reopened": "actor",
  "handoff.info-requested": "clocks",
  "handoff.info-provided": "clocks",
  "joint.declared": "clocks",
  "joint.person-named": "actor",
  "joint.session-held": "clocks",
  "line.exhausted": "clocks",
  "last-resort.called": "clocks",
  "roster.paged": "clocks",
  "pool.assigned": "clocks",
  "pool.claimed": "clocks",
  "pool.released": "clocks",
  "pool.lapsed": "clocks",
  "pool.skipped": "nothing",
};
