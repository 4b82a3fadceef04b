import { randomUUID } from "node:crypto";
import type { Database, Tx } from "@crossline/postgres";
import type { PartitionName, Positions, TopicPartition } from "../broker.ts";
import { partitionName, splitName } from "../partition.ts";

/** The partitions that this process owns, their tokens and their positions. */
export type Ownership = ReturnType<typeof createOwnership>;

/** Creates the ownership of one consumer, without partitions. */
export function createOwnership(database: Database, topics: readonly string[]) {
  const tokens = new Map<PartitionName, string>();
  const positions = new Map<PartitionName, number>();
  /**
   * The partitions of each running claim. A revocation removes the revoked partitions from these claims, because the
   * next member may own those partitions already.
   */
  const runningClaims = new Set<Set<PartitionName>>();
  let owned: readonly number[] = [];
  const tokensChanged = (): void => void (owned = wholePartitions(tokens.keys(), topics.length));

  return {
    /** Claims partitions. After the claim, every transaction and every loop of an earlier owner fails its check. */
    async claim(partitions: readonly TopicPartition[]): Promise<Positions> {
      const token = randomUUID();
      const wanted = new Set(partitions.map(({ topic, partition }) => partitionName(topic, partition)));
      runningClaims.add(wanted);
      const claimed = await database
        .transaction((tx) => claimRows(tx, partitions, token))
        .finally(() => runningClaims.delete(wanted));
      for (const name of wanted) {
        const position = claimed.get(name);
        tokens.set(name, token);
        if (position === undefined) positions.delete(name);
        else positions.set(name, position);
      }
      tokensChanged();
      return claimed;
    },

    release(partitions: readonly TopicPartition[]): void {
      for (const { topic, partition } of partitions) {
        const name = partitionName(topic, partition);
        tokens.delete(name);
        for (const wanted of runningClaims) wanted.delete(name);
      }
      tokensChanged();
    },

    token: ({ topic, partition }: TopicPartition): string | undefined => tokens.get(partitionName(topic, partition)),
    positionOf: (name: PartitionName): number | undefined => positions.get(name),

    /** Returns the owned partitions with their tokens. With `only`, returns only partitions with that number. */
    claims(only?: number): (TopicPartition & { readonly owner: string })[] {
      return [...tokens]
        .map(([name, owner]) => ({ ...splitName(name), owner }))
        .filter(({ partition }) => only === undefined || partition === only);
    },

    moved({ topic, partition, nextOffset }: TopicPartition & { readonly nextOffset: number }): void {
      positions.set(partitionName(topic, partition), nextOffset);
    },

    /** The numbers of the partitions that this process owns on every topic, in ascending order. */
    owned: (): readonly number[] => owned,

    /**
     * Locks partitions until the transaction ends, so that no new owner can claim them. Returns the partitions that
     * this process still owns.
     */
    async fences(tx: Tx, partitions: readonly number[]): Promise<ReadonlySet<number>> {
      const rows = await tx.query<TopicPartition & { readonly owner: string }>({
        name: "inbox.fence",
        text: `
          -- inbox.fence
          select topic, partition, owner from inbox_offset where partition = any($1::integer[])
          order by partition, topic for key share`,
        values: [partitions],
      });
      const owners = new Map(rows.map(({ topic, partition, owner }) => [partitionName(topic, partition), owner]));
      const isOurs = (partition: number): boolean =>
        topics.every((topic) => {
          const token = tokens.get(partitionName(topic, partition));
          return token !== undefined && owners.get(partitionName(topic, partition)) === token;
        });
      return new Set(partitions.filter(isOurs));
    },
  };
}

function wholePartitions(names: Iterable<PartitionName>, topicCount: number): number[] {
  const counts = new Map<number, number>();
  for (const name of names) {
    const { partition } = splitName(name);
    counts.set(partition, (counts.get(partition) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count === topicCount)
    .map(([partition]) => partition)
    .toSorted((a, b) => a - b);
}

async function claimRows(tx: Tx, partitions: readonly TopicPartition[], token: string): Promise<Positions> {
  const values = [partitions.map(({ partition }) => partition), partitions.map(({ topic }) => topic), token];
  await tx.query({
    text: `
      -- inbox.insert-offsets
      insert into inbox_offset (partition, topic, owner, claimed_at)
      select partition, topic, $3, clock_timestamp() from unnest($1::integer[], $2::text[]) as n (partition, topic)
      order by 1, 2 on conflict do nothing`,
    values,
  });
  // An update of these columns alone would not wait for a loop's `for key share`.
  await tx.query({
    text: `
      -- inbox.lock-for-claim
      select from inbox_offset where partition = any($1::integer[]) order by partition, topic for update`,
    values: [values[0]],
  });
  const rows = await tx.query<{ topic: string; partition: number; position: number | null }>({
    text: `
      -- inbox.claim
      update inbox_offset o set owner = $3, claimed_at = clock_timestamp()
      from unnest($1::integer[], $2::text[]) as n (partition, topic)
      where o.partition = n.partition and o.topic = n.topic
      returning o.topic, o.partition, o.next_offset as position`,
    values,
  });
  return new Map(
    rows.map(({ topic, partition, position }) => [partitionName(topic, partition), position ?? undefined]),
  );
}
