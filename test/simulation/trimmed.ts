import type { Cause } from "@crossline/contracts";
import { type Broker, type FetchedRecord, partitionOf } from "./broker.ts";
import { type Tables, type Tx, inboxKeyOf } from "./store.ts";

/** Returns the topics on which the next record of a partition was deleted before the service read it. */
export function trimmedTopics(
  broker: Broker,
  topics: readonly string[],
  partition: number,
  positions: ReadonlyMap<string, number>,
): readonly string[] {
  if (!broker.isTrimmed) return [];
  return topics.filter((topic) => (positions.get(`${topic}/${partition}`) ?? 0) < broker.low(topic, partition));
}

/** Saves the end of the lost records, and moves the positions to this end. Returns the lost records that the service never read. */
export function skipLost<State>(
  tx: Tx<State>,
  broker: Broker,
  topics: readonly string[],
  partition: number,
): FetchedRecord[] {
  return topics.flatMap((topic) => {
    const name = `${topic}/${partition}`;
    const low = broker.low(topic, partition);
    const lost = broker.log(topic, partition).slice(tx.positions.get(name) ?? 0, low);
    tx.gaps.set(name, low);
    tx.positions.set(name, low);
    return lost.filter((record) => record.sequence > (tx.inbox.get(inboxKeyOf(record))?.seen ?? 0));
  });
}

/**
 * Returns whether a cause is lost: its topic has lost records, and the service has read the rest of the topic. The broker received the
 * cause before the record that names the cause, so the cause must be among the lost records.
 */
export function isLostCause<State>({ gaps, positions }: Tables<State>, broker: Broker, { topic, key }: Cause): boolean {
  if (gaps.size === 0) return false;
  const partition = partitionOf(key);
  const name = `${topic}/${partition}`;
  return gaps.has(name) && (positions.get(name) ?? 0) >= broker.log(topic, partition).length;
}
