import type { ReceivedMessage } from "@crossline/contracts";
import { type Broker, fromWire } from "@crossline/messaging";
import { uniquePrefix } from "@crossline/testing";

/** A program that reads topics independently of the services. */
export type Witness = {
  /** The records so far, in the order of arrival. */
  readonly records: readonly ReceivedMessage[];
  /** Returns true if the witness has read every record that the topics have now. */
  readonly isAtEnd: () => Promise<boolean>;
  readonly stop: () => Promise<void>;
};

/** Reads topics from their first record on, with a group of its own. */
export async function openWitness(broker: Broker, topics: readonly string[]): Promise<Witness> {
  const records: ReceivedMessage[] = [];
  const read = new Map<string, number>();
  const subscription = await broker.subscribe({
    group: `witness-${uniquePrefix()}`,
    topics: [...topics],
    onAssigned: async () => new Map(),
    onRecords: async ({ topic, partition, records: batch, nextOffset }) => {
      for (const record of batch) {
        const parsed = fromWire(record);
        if (parsed.ok && !parsed.skipped) records.push(parsed.event);
      }
      read.set(`${topic}/${partition}`, nextOffset);
    },
    onCrash: () => {}, // `isAtEnd` stays false, so the test fails.
  });
  return {
    records,
    isAtEnd: async () => [...(await broker.endOffsets(topics))].every(([name, end]) => (read.get(name) ?? 0) >= end),
    stop: () => subscription.stop(),
  };
}
