import { type Cause, type Message, gapTypes, topics } from "@crossline/contracts";
import type { TopicPartition } from "./broker.ts";

// A consumer that has lost records asks the owner of their topic (`gap.found`). The owner says of every key of that partition
// which sequence is its last (`sequence.confirmed`), and then that it has said all (`gap.confirmed`). All of it goes through
// outboxes: it outlives crashes and outages, and what is said of a key comes behind the records of that key.

/** The last record of a topic and key so far, and the timeline that it belongs to. */
export type KeyHead = Pick<Cause, "key" | "sequence"> & { readonly timeline: string };

const none = { time: 0, timeline: "wall", data: {} };

/**
 * Says that this is the last record of its topic and key so far. It bears that record's sequence, and so its id: who has read
 * that far passes it over. No timeline counts it.
 */
export function confirmHead({ topic, partition }: TopicPartition, { key, sequence, timeline }: KeyHead): Message {
  return { ...none, topic, partition, key, sequence, timeline, type: gapTypes.head };
}

/** Says that all keys of a partition were confirmed. */
export function confirmPartition({ topic, partition }: TopicPartition): Message {
  return { ...none, topic, partition, key: `gap/${partition}`, sequence: 1, type: gapTypes.closed };
}

/** Asks for the last sequences of a partition, for the `sequence`-th time. */
export function requestHeads(service: string, { topic, partition }: TopicPartition, sequence: number): Message {
  const key = `${service}/${topic}/${partition}`;
  return { ...none, topic: topics.gap, key, sequence, type: gapTypes.found, data: { topic, partition } };
}

/** Whether a record is no fact of its topic: its content is not looked at, and no timeline counts it. */
export function isGapEvent(type: string): boolean {
  return type === gapTypes.head || type === gapTypes.closed;
}
