import type { Cause } from "@crossline/contracts";
import { type Broker, type FetchedRecord, partitionOf } from "./broker.ts";
import { type Tables, type Tx, inboxKeyOf } from "./store.ts";

/** The topics of a partition in which records were deleted from a position on. */
export function trimmedTopics(
  broker: Broker,
  topics: readonly string[],
  partition: number,
  positions: ReadonlyMap<string, number>,
): readonly string[] {
  if (!broker.isTrimmed) return [];
  return topics.filter((topic) => (positions.get(`${topic}/${partition}`) ?? 0) < broker.low(topic, partition));
}

/** Writes down up to where records are lost, and reads on from there. Returns those that were never read before. */
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
 * A cause of a topic in which records are lost, while all that is left of the topic has been read: it was in the broker before what
 * it is a cause of, so that it is among the lost ones.
 */
export function isLostCause<State>({ gaps, positions }: Tables<State>, broker: Broker, { topic, key }: Cause): boolean {
  if (gaps.size === 0) return false;
  const partition = partitionOf(key);
  const name = `${topic}/${partition}`;
  return gaps.has(name) && (positions.get(name) ?? 0) >= broker.log(topic, partition).length;
}
