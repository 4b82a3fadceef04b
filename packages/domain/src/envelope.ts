import { type Cause, type Envelope, type EventData, type EventOf, type EventType, topics } from "@crossline/contracts";

/** Creates an event from its type, the data of that type and its envelope. */
export function eventOf<T extends EventType>(type: T, data: EventData<T>, envelope: Envelope): EventOf<T> {
  return { ...envelope, type, data };
}

/**
 * Returns the causes of a decision: for each topic, the last record of the case that the service has read. A topic of which the
 * service has read no record gives no cause.
 */
export function causesOf(
  key: string,
  read: Readonly<Partial<Record<"case" | "clock" | "handoff", number>>>,
): readonly Cause[] {
  return (["case", "handoff", "clock"] as const).flatMap((noun) => {
    const sequence = read[noun] ?? 0;
    return sequence > 0 ? [{ topic: topics[noun], key, sequence }] : [];
  });
}
