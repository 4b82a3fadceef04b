import { type EventOf, newId, type Received, timelineKind } from "@crossline/contracts";
import type { CaseRecord, Listener } from "../store/case-party.ts";
import type { NewDelivery } from "../store/delivery.ts";
import { toLastResortPayload, toPayload } from "./payload.ts";
import { maySee } from "./visibility.ts";

/** Which deliveries these events make. A subscription hears of an event by its timeline, its types and its party's sight. */
export function match(
  events: readonly Received[],
  listeners: readonly Listener[],
  cases: readonly CaseRecord[],
): NewDelivery[] {
  const byCase = Map.groupBy(listeners, ({ caseId }) => caseId);
  const records = new Map(cases.map((record) => [record.caseId, record]));
  return events.flatMap((event) => [
    ...toSubscriptions(event, byCase.get(event.key) ?? []),
    ...toLastResort(event, records.get(event.key)),
  ]);
}

function toSubscriptions(event: Received, listeners: readonly Listener[]): NewDelivery[] {
  const hearing = listeners.filter(
    (listener) =>
      listener.timeline === event.timeline &&
      (listener.events === null || listener.events.includes(event.type)) &&
      maySee(listener, event),
  );
  if (hearing.length === 0) return [];
  const payload = toPayload(event);
  return hearing.map(({ subscriptionId, party, url }) => ({
    ...common(event, party),
    target: subscriptionId,
    subscriptionId,
    url,
    payload,
    state: "waiting" as const,
  }));
}

/** Addresses of a line, called without a subscription: on the wall. Elsewhere they are written down, and never dialled. */
function toLastResort(event: Received, record: CaseRecord | undefined): NewDelivery[] {
  if (event.type !== "last-resort.called" || record === undefined) return [];
  const data = event.data as EventOf<"last-resort.called">["data"];
  const payload = toLastResortPayload(event, data, record);
  const state = timelineKind(event.timeline) === "wall" ? ("waiting" as const) : ("recorded" as const);
  return [...new Set(data.addresses)].map((url) => ({
    ...common(event, record.carrier),
    target: url,
    subscriptionId: null,
    url,
    payload,
    state,
  }));
}

function common(event: Received, party: string) {
  return {
    deliveryId: newId("dlv"),
    eventId: event.id,
    party,
    caseId: event.key,
    timeline: event.timeline,
    eventType: event.type,
    eventAt: event.time,
    causeTopic: event.topic,
    causeSequence: event.sequence,
  };
}
