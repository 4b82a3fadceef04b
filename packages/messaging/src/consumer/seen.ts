import type { Cause } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** The last sequence that the consumer has read of a topic and key. */
export type SeenKey = Cause;

/** Returns the last sequences that the consumer has read of these keys, on one topic. */
export function readSeen(tx: Tx, topic: string, keys: readonly string[]): Promise<SeenKey[]> {
  return tx.query({
    text: `
      -- inbox.read-seen
      select topic, key, seen as sequence from inbox_sequence where topic = $1 and key = any($2::text[])`,
    values: [topic, keys],
  });
}

/** Returns up to `limit` keys of these topics from the key after `after` on, in the order of topic and key. */
export function listSeen(
  tx: Tx,
  topics: readonly string[],
  after: Pick<Cause, "topic" | "key">,
  limit: number,
): Promise<SeenKey[]> {
  return tx.query({
    text: `
      -- inbox.list-seen
      select topic, key, seen as sequence from inbox_sequence
      where topic = any($1::text[]) and (topic, key) > ($2, $3) order by topic, key limit $4`,
    values: [topics, after.topic, after.key, limit],
  });
}
