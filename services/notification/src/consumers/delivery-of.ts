import { newId, type ReceivedMessage } from "@crossline/contracts";

/** Returns a new delivery id, and the fields that all deliveries of an event share. */
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
    outboundMessageId: null as string | null,
  };
}
