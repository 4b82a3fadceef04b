import type { Cause, EventData, EventOf, EventType, Message } from "@crossline/contracts";
import { topics } from "@crossline/contracts";

/** All of a record but what it says: where it belongs, its number there, when it happened, what must be read before it. */
export type Envelope = Omit<Message, "type" | "data">;

/** An event: its type, the data of that type, and its envelope. */
export function eventOf<T extends EventType>(type: T, data: EventData<T>, envelope: Envelope): EventOf<T> {
  const { topic, key, sequence, time, timeline, ...rest } = envelope;
  // The compiler cannot see for an open T that a type and its data make an event; the parameters say it.
  return { topic, key, sequence, type, time, timeline, ...rest, data } as unknown as EventOf<T>;
}

/** Of one case, the last record of each topic that a decision had read; a topic that it had not read is no cause. */
export function causesOf(
  key: string,
  read: Readonly<Partial<Record<"case" | "clock" | "handoff", number>>>,
): readonly Cause[] {
  return (["case", "handoff", "clock"] as const).flatMap((noun) => {
    const sequence = read[noun] ?? 0;
    return sequence > 0 ? [{ topic: topics[noun], key, sequence }] : [];
  });
}
