import { type HandoffEvent, type Message, topics } from "@crossline/contracts";

/** Returns true for an event of the hand-off topic. */
export function isHandoffEvent(message: Message): message is HandoffEvent {
  return message.topic === topics.handoff;
}

/**
 * Finds the calls of the last resort that reach no person, and returns the ids of their cases. A call reaches no person if it
 * has no address and pages no person on duty.
 */
export function callsWithoutPerson(messages: readonly Message[]): string[] {
  const events = messages.filter(isHandoffEvent);
  const paged = new Set(events.filter(pagesPerson).map(({ key }) => key));
  return events
    .filter(({ type, data, key }) => type === "last-resort.called" && data.addresses.length === 0 && !paged.has(key))
    .map(({ key }) => key);
}

function pagesPerson(event: HandoffEvent): boolean {
  return event.type === "roster.paged" && event.data.reason === "last-resort" && !event.data.nobody;
}
