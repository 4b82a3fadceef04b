import { type Cause, type Message, gapTypes, topics } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { TopicPartition } from "./broker.ts";

// A consumer that has lost records publishes `gap.found` for the owner of the topic. For every key of the partition
// with the loss, the owner publishes the last sequence (`sequence.confirmed`). Then the owner publishes
// `gap.confirmed`. The consumer and the owner publish the events of the protocol through their outboxes, so no crash or
// outage loses an event. The confirmation of a key follows the records of that key.

/** The last record of a topic and key, and its timeline. */
export type KeyHead = Pick<Cause, "key" | "sequence"> & { readonly timeline: string };

/** Returns the last records of these keys on a service's own topic, without the keys that the service does not have. */
export type KeyHeadFinder = (tx: Tx, keys: readonly string[]) => Promise<readonly KeyHead[]>;

const none = { time: 0, timeline: "wall", data: {} };

/**
 * Returns the event that confirms the last record of a topic and key. The event has the sequence and the id of the
 * confirmed record. A consumer that has read the confirmed record therefore skips the event as a duplicate. The counts
 * of timelines do not include the event.
 */
export function confirmHead({ topic, partition }: TopicPartition, { key, sequence, timeline }: KeyHead): Message {
  return { ...none, topic, partition, key, sequence, timeline, type: gapTypes.head };
}

/** Returns the event that ends the confirmations of a partition. */
export function confirmPartition({ topic, partition }: TopicPartition): Message {
  return { ...none, topic, partition, key: `gap/${partition}`, sequence: 1, type: gapTypes.closed };
}

/** Returns the event that requests the last sequences of a partition. `sequence` counts the requests. */
export function requestHeads(service: string, { topic, partition }: TopicPartition, sequence: number): Message {
  const key = `${service}/${topic}/${partition}`;
  return { ...none, topic: topics.gap, key, sequence, type: gapTypes.found, data: { topic, partition } };
}

/**
 * Returns true if a record only confirms sequences. Consumers do not parse the value of such a record, and the counts
 * of timelines do not include it.
 */
export function isGapEvent(type: string): boolean {
  return type === gapTypes.head || type === gapTypes.closed;
}
