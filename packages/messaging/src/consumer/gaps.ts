import type { Database, Tx } from "@crossline/postgres";
import type { LostOffsets } from "../start-offset.ts";
import type { PartitionName, TopicPartition } from "../broker.ts";
import { partitionName, partitionOf } from "../partition.ts";
import { requestHeads } from "../confirmation.ts";
import { appendToOutbox } from "../outbox.ts";
import type { SequenceGap, AdvancedKey } from "./plan.ts";

/** Records of a partition that were deleted before this consumer read them. */
export type Loss = TopicPartition & LostOffsets;

/** The settings with which a consumer finds the keys that a loss can affect. */
export type GapContext = {
  /** The topics that keep only the last record of each key, so that earlier records can be missing without a loss. */
  readonly compacted: ReadonlySet<string>;
  /** The number of partitions of every topic. If the number is absent, a loss marks no key. */
  readonly partitions?: number | undefined;
  /**
   * The name of this service, and the topics whose owners confirm sequences. If the setting is absent, the consumer
   * requests no confirmation.
   */
  readonly asking?: { readonly service: string; readonly topics: ReadonlySet<string> } | undefined;
  /** Returns keys that the service knows although its consumer has read no record of them. */
  readonly knownKeys?: ((tx: Tx) => Promise<readonly string[]>) | undefined;
  /**
   * Partitions with marked keys whose last sequences the topic's owner has not confirmed. Only records of these
   * partitions can clear marks.
   */
  readonly unconfirmed: Set<PartitionName>;
};

/**
 * Saves a loss and marks every known key of the partition. Returns undefined for a compacted topic that was not created
 * again, because compaction is no loss.
 */
export async function recordLoss(tx: Tx, context: GapContext, loss: Loss): Promise<Loss | undefined> {
  const { topic, partition, from, to } = loss;
  const { compacted, asking, unconfirmed } = context;
  if (compacted.has(topic) && to > from) return undefined;
  const isConfirmed = !compacted.has(topic) && (asking?.topics.has(topic) ?? true);
  await tx.query({
    text: `
      -- inbox.insert-gap
      insert into inbox_gap (topic, partition, from_offset, to_offset, mended_at)
      values ($1, $2, $3, $4, case when not $5::boolean then clock_timestamp() end)`,
    values: [topic, partition, from, to, isConfirmed],
  });
  if (!isConfirmed) return loss;
  const keys = await keysOf(tx, context, partition);
  unconfirmed.add(partitionName(topic, partition));
  if (keys.length > 0) await markKeys(tx, loss, keys);
  if (asking !== undefined) await askOwners(tx, asking.service, [loss]);
  return loss;
}

/**
 * Requests the last sequences of these partitions, which have an open gap. Each call appends new requests to the
 * outbox.
 */
async function askOwners(tx: Tx, service: string, places: readonly TopicPartition[]): Promise<void> {
  const requests = await tx.query<TopicPartition & { readonly sequence: number }>({
    text: `
      -- inbox.ask-owner
      with latest as (
        select max(id) as id from inbox_gap join unnest($1::text[], $2::integer[]) as n (topic, partition) using (topic, partition)
        where mended_at is null group by topic, partition
      ),
      updated as (
        update inbox_gap set asked = asked + 1 from latest where inbox_gap.id = latest.id returning topic, partition
      )
      select topic, partition, 1 + (
        select sum(asked) from inbox_gap g where g.topic = updated.topic and g.partition = updated.partition
      )::bigint as sequence
      from updated`,
    values: [places.map(({ topic }) => topic), places.map(({ partition }) => partition)],
  });
  await appendToOutbox(
    tx,
    requests.map((place) => requestHeads(service, place, place.sequence)),
  );
}

/**
 * Closes the gaps of these partitions, in which the owner of the topic has confirmed every key. If the loss of a key is
 * still unknown after these confirmations, the owner has published no record of that key that could be lost.
 */
export async function closeGaps(tx: Tx, places: readonly TopicPartition[]): Promise<void> {
  const values = [places.map(({ topic }) => topic), places.map(({ partition }) => partition)];
  await tx.query({
    text: `
      -- inbox.close-marks
      with closed as (select * from unnest($1::text[], $2::integer[]) as n (topic, partition)),
      cleared as (
        delete from inbox_gap_mark m using closed
        where m.topic = closed.topic and m.partition = closed.partition and not is_known and lost = 0
      )
      update inbox_gap_mark m set is_known = true from closed
      where m.topic = closed.topic and m.partition = closed.partition and not is_known and lost > 0`,
    values,
  });
  await tx.query({
    text: `
      -- inbox.close-gaps
      update inbox_gap g set mended_at = clock_timestamp() from unnest($1::text[], $2::integer[]) as n (topic, partition)
      where g.topic = n.topic and g.partition = n.partition and mended_at is null`,
    values,
  });
}

/**
 * Returns every key of this partition of which the consumer has read a record, and every other key that the service
 * knows.
 */
async function keysOf(
  tx: Tx,
  { partitions, compacted, knownKeys }: GapContext,
  partition: number,
): Promise<readonly string[]> {
  if (partitions === undefined) return [];
  const rows = await tx.query<{ key: string }>({
    text: `
      -- inbox.load-keys
      select distinct key from inbox_sequence where topic <> all($1::text[])`,
    values: [[...compacted]],
  });
  const keys = new Set([...rows.map(({ key }) => key), ...((await knownKeys?.(tx)) ?? [])]);
  return [...keys].filter((key) => partitionOf(key, partitions) === partition).toSorted();
}

async function markKeys(tx: Tx, { topic, partition }: Loss, keys: readonly string[]): Promise<void> {
  await tx.query({
    text: `
      -- inbox.mark-keys
      insert into inbox_gap_mark (key, topic, partition, is_known)
      select key, $1, $2, false from unnest($3::text[]) as key
      on conflict (key, topic) do update set is_known = false`,
    values: [topic, partition, keys],
  });
}

/** Returns the partitions with a loss after which the topic's owner has not confirmed the last sequences. */
function loadOpenGaps(tx: Tx, places: readonly TopicPartition[]): Promise<TopicPartition[]> {
  return tx.query<TopicPartition>({
    text: `
      -- inbox.load-open-gaps
      select distinct topic, partition from inbox_gap where mended_at is null and partition = any($1::integer[])`,
    values: [places.map(({ partition }) => partition)],
  });
}

/**
 * Updates the marks of keys of which new records have arrived. The sequences of these records show whether earlier
 * records are lost.
 */
export async function settleMarks(
  tx: Tx,
  { unconfirmed }: GapContext,
  advanced: readonly AdvancedKey[],
  gaps: readonly SequenceGap[],
): Promise<void> {
  if (gaps.length > 0) await markLost(tx, gaps);
  const lossy = new Set(gaps.map(({ topic, key }) => `${topic} ${key}`));
  const whole = advanced.filter(
    ({ topic, partition, key }) => unconfirmed.has(partitionName(topic, partition)) && !lossy.has(`${topic} ${key}`),
  );
  if (whole.length > 0) await clearMarks(tx, whole);
}

async function markLost(tx: Tx, gaps: readonly SequenceGap[]): Promise<void> {
  await tx.query({
    text: `
      -- inbox.mark-lost
      insert into inbox_gap_mark as m (key, topic, partition, timeline, is_known, lost, is_headless)
      select key, topic, min(partition), min(timeline), true, sum(next - after - 1), bool_or(after = 0)
      from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::bigint[], $6::bigint[])
        as n (key, topic, partition, timeline, after, next)
      group by key, topic order by key, topic
      on conflict (key, topic) do update set is_known = true, timeline = excluded.timeline,
        lost = m.lost + excluded.lost, is_headless = m.is_headless or excluded.is_headless`,
    values: [
      gaps.map(({ key }) => key),
      gaps.map(({ topic }) => topic),
      gaps.map(({ partition }) => partition),
      gaps.map(({ timeline }) => timeline),
      gaps.map(({ after }) => after),
      gaps.map(({ next }) => next),
    ],
  });
}

async function clearMarks(tx: Tx, topicKeys: readonly AdvancedKey[]): Promise<void> {
  await tx.query({
    text: `
      -- inbox.clear-marks
      with advanced as (select * from unnest($1::text[], $2::text[]) as n (key, topic)),
      cleared as (delete from inbox_gap_mark m using advanced where m.key = advanced.key and m.topic = advanced.topic and lost = 0)
      update inbox_gap_mark m set is_known = true
      from advanced where m.key = advanced.key and m.topic = advanced.topic and lost > 0`,
    values: [topicKeys.map(({ key }) => key), topicKeys.map(({ topic }) => topic)],
  });
}

/**
 * Returns the keys among `keys` that have lost records, or may have lost records. A lost record was deleted before this
 * service read the record.
 */
export async function findMarkedKeys(tx: Tx, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ key: string }>({
    text: `
      -- inbox.marked-keys
      select distinct key from inbox_gap_mark m where key = any($1::text[])
        and exists (select from inbox_gap g where g.topic = m.topic and g.partition = m.partition)`,
    values: [keys],
  });
  return new Set(rows.map(({ key }) => key));
}

/**
 * The consumer repeats the request after a start or a change of the partition owner, because Kafka can have deleted the
 * earlier request.
 */
export async function resumeGaps(
  database: Database,
  context: GapContext,
  places: readonly TopicPartition[],
): Promise<void> {
  const open = await loadOpenGaps(database, places);
  for (const { topic, partition } of open) context.unconfirmed.add(partitionName(topic, partition));
  const { asking } = context;
  if (open.length > 0 && asking !== undefined) await database.transaction((tx) => askOwners(tx, asking.service, open));
}
