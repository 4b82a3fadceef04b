import { newId, type ReceivedMessage } from "@crossline/contracts";

/** What every delivery of an event has, whomever it goes to. */
export function deliveryOf(event: ReceivedMessage, party: string) {
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
