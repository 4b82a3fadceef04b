import type { Actor, ReceivedMessage } from "@crossline/contracts";
import type { caseEvents, clockEvents, handoffEvents } from "@crossline/contracts";

type FactType = Exclude<keyof (typeof caseEvents & typeof clockEvents & typeof handoffEvents), `timeline.${string}`>;

/** For each type of a fact, its sentence. `{field}` stands for a field of the data, and `{actor}` for the company and its person. */
const sentences: Readonly<Record<FactType, string>> = {
  "case.opened": "{actor} opened the case.",
  "case.contacted": "The case has an {direction} contact ({content}) by {channel}.",
  "handling.started": "{actor} began to work live with the customer by {channel}.",
  "handling.continued": "{actor} is still live with the customer.",
  "handling.ended": "{actor} ended the live work with the customer.",
  "entry.added": "{actor} added an entry ({kind}).",
  "case.status-changed": "{actor} changed the status from {from} to {to}.",
  "case.severity-changed": "{actor} changed the severity from {from} to {to}.",
  "case.severity-proposed": "{actor} proposed the severity {to}.",
  "case.severity-declined": "{actor} declined the severity {to}.",
  "case.moved": "{actor} moved the case to another line.",
  "case.merged": "{actor} merged another case into this case.",
  "case.corrected": "{actor} corrected the case.",
  "promise.made": "{promisor} made a promise that is due by {until}.",
  "promise.delivered": "{actor} reported the delivery of a promise of {promisor}.",
  "promise.withdrawn": "{actor} withdrew a promise of {promisor}.",
  "problem.opened": "Crossline opened a problem, because many cases lacked the same item.",
  "incident.opened": "The case leads an incident of {cases} alike cases.",
  "incident.counted": "The incident has {cases} cases now.",
  "incident.joined": "{actor} added the case to an incident ({reason}).",
  "incident.held": "{holder} holds the lead case of the incident.",
  "incident.left": "The case left its incident ({cause}).",
  "incident.ended": "The incident of this case ended ({cause}).",
  "change.linked": "The change “{title}” of {by} at {startsAt} may be the cause.",
  "change.unlinked": "{actor} removed the link to a change ({reason}).",
  "known-error.matched": "A known error matches the case.",
  "message.written": "{actor} wrote a message to the customer.",
  "message.reworded": "{actor} changed the text of a message.",
  "message.released": "{actor} released a message to the customer.",
  "message.withdrawn": "{actor} withdrew a message.",
  "message.failed": "A message did not reach the customer.",
  "crossing.requested": "{actor} requested a crossing.",
  "case.resolved": "{actor} resolved the case.",
  "case.confirmed": "{actor} confirmed the fix.",
  "case.reopened": "{actor} reopened the case.",
  "case.closed": "{actor} closed the case ({reason}).",
  "case.recorded": "{actor} recorded the status {status}.",
  "clock.warned": "The clock {clock} reached {threshold} % of its target.",
  "clock.breached": "The clock {clock} breached.",
  "clock.overtaken": "An event that was read late would have prevented a firing of the clock {clock}.",
  "clock.recomputed": "The deadline of the clock {clock} changed ({cause}).",
  "handling.silent": "The heartbeats of a live handling of {party} stopped.",
  "handoff.offered": "Crossline offered the case to the queue {queue} ({reason}).",
  "handoff.claimed": "{actor} claimed the offer of {queue}.",
  "handoff.renewed": "{actor} renewed the lease of the offer of {queue}.",
  "handoff.released": "{actor} released the claim of {queue}.",
  "handoff.accepted": "{actor} accepted the case.",
  "handoff.rejected": "{actor} rejected the offer ({code}).",
  "handoff.resolved": "{actor} reported the fix {fixCode}.",
  "handoff.confirmed": "The fix of {vendor} is confirmed.",
  "handoff.reopened": "The fix of {vendor} did not last.",
  "handoff.lapsed": "{vendor} did not accept the offer of {queue} in time.",
  "handoff.withdrawn": "Crossline withdrew the offer of {queue} ({reason}).",
  "line.exhausted": "The line has no step left. Crossline calls the last resort.",
  "last-resort.called": "Crossline called the last resort for the {call}. time.",
  "handoff.info-requested": "{actor} requested information ({code}).",
  "handoff.info-provided": "{actor} replied to the information request.",
  "handoff.returned": "{actor} returned the case ({code}).",
  "handoff.transferred": "{actor} transferred the case to {to} ({code}).",
  "joint.declared": "The case is joint. {accountable} is accountable.",
  "joint.person-named": "{party} named its person for the joint case.",
  "joint.session-held": "The companies of the joint case have met.",
  "roster.paged": "Crossline paged the roster {roster} ({reason}).",
  "handoff.taken": "{actor} took the case.",
  "pool.assigned": "Crossline assigned the case to the pool {pool} ({reason}).",
  "pool.claimed": "{actor} claimed the case from the pool {pool}.",
  "pool.released": "The assignment to the pool {pool} ended ({reason}).",
  "pool.lapsed": "No person claimed the case from the pool {pool} in time.",
  "pool.skipped": "Crossline skipped the pool {pool}, because no certified person was on duty.",
};

/** Returns a fact as a sentence, which is made at reading. The sentence has no words of people. */
export function sentenceOf({ type, data }: Pick<ReceivedMessage, "type" | "data">): string {
  const fields = data as Readonly<Record<string, unknown>>;
  const { actor } = data as { readonly actor?: Actor };
  const sentence = sentences[type as FactType] ?? type;
  return sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === "actor" ? nameOf(actor) : textOf(fields[name]),
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "unknown";
}

function nameOf(actor: Actor | undefined): string {
  if (actor === undefined) return "Crossline";
  return actor.person === undefined ? actor.party : `${actor.party} (${actor.person})`;
}
