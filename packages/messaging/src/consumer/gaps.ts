import type { Tx } from "@crossline/postgres";
import type { LostOffsets } from "../start-offset.ts";
import type { PartitionName, TopicPartition } from "../broker.ts";
import { partitionName, partitionOf } from "../partition.ts";
import type { Gap, Heard } from "./plan.ts";

/** Records of a partition that were deleted before they were read here. */
export type Loss = TopicPartition & LostOffsets;

/** What a consumer needs to know whom a loss may concern. */
export type GapReading = {
  /** Of the topics that are read, the ones where records of a key may be missing. */
  readonly compacted: ReadonlySet<string>;
  /** How many partitions every topic has. Without it no key is marked. */
  readonly partitions?: number | undefined;
  /** The keys that the service knows besides those that it has read. */
  readonly knownKeys?: ((tx: Tx) => Promise<readonly string[]>) | undefined;
  /** Partitions in which keys are marked and not known yet: only there it is looked which marks can go. */
  readonly doubted: Set<PartitionName>;
};

/** Writes a loss down and marks every known key of the partition. A compacted topic that was not made again lost nothing. */
export async function recordLoss(tx: Tx, reading: GapReading, loss: Loss): Promise<Loss | undefined> {
  const { topic, partition, from, to } = loss;
  if (reading.compacted.has(topic) && to > from) return undefined;
  await tx.query({
    text: `
      -- inbox.insert-gap
      insert into inbox_gap (topic, partition, from_offset, to_offset) values ($1, $2, $3, $4)`,
    values: [topic, partition, from, to],
  });
  const keys = await keysOf(tx, reading, partition);
  reading.doubted.add(partitionName(topic, partition));
  if (keys.length > 0) await markKeys(tx, topic, keys);
  return loss;
}

/** Every key of this partition that was read of any topic, or that the service knows by itself. */
async function keysOf(
  tx: Tx,
  { partitions, compacted, knownKeys }: GapReading,
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

async function markKeys(tx: Tx, topic: string, keys: readonly string[]): Promise<void> {
  await tx.query({
    text: `
      -- inbox.mark-keys
      insert into inbox_gap_mark (key, topic, is_known) select key, $1, false from unnest($2::text[]) as key
      on conflict (key, topic) do update set is_known = false`,
    values: [topic, keys],
  });
}

/** Partitions of which the owner has not told the last sequences since a loss. */
export async function loadOpenGaps(tx: Tx, places: readonly TopicPartition[]): Promise<PartitionName[]> {
  const rows = await tx.query<TopicPartition>({
    text: `
      -- inbox.load-open-gaps
      select distinct topic, partition from inbox_gap where mended_at is null and partition = any($1::integer[])`,
    values: [places.map(({ partition }) => partition)],
  });
  return rows.map(({ topic, partition }) => partitionName(topic, partition));
}

/** Says of strands what their records have shown: what is lost for ever, or that nothing is missing. */
export async function settleMarks(
  tx: Tx,
  { doubted }: GapReading,
  heard: readonly Heard[],
  gaps: readonly Gap[],
): Promise<void> {
  if (gaps.length > 0) await markLost(tx, gaps);
  const lossy = new Set(gaps.map(({ topic, key }) => `${topic} ${key}`));
  const whole = heard.filter(
    ({ topic, partition, key }) => doubted.has(partitionName(topic, partition)) && !lossy.has(`${topic} ${key}`),
  );
  if (whole.length > 0) await clearMarks(tx, whole);
}

async function markLost(tx: Tx, gaps: readonly Gap[]): Promise<void> {
  await tx.query({
    text: `
      -- inbox.mark-lost
      insert into inbox_gap_mark as m (key, topic, is_known, lost, is_headless)
      select key, topic, true, sum(next - after - 1), bool_or(after = 0)
      from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) as n (key, topic, after, next)
      group by key, topic order by key, topic
      on conflict (key, topic) do update set is_known = true,
        lost = m.lost + excluded.lost, is_headless = m.is_headless or excluded.is_headless`,
    values: [
      gaps.map(({ key }) => key),
      gaps.map(({ topic }) => topic),
      gaps.map(({ after }) => after),
      gaps.map(({ next }) => next),
    ],
  });
}

async function clearMarks(tx: Tx, strands: readonly Heard[]): Promise<void> {
  await tx.query({
    text: `
      -- inbox.clear-marks
      with heard as (select * from unnest($1::text[], $2::text[]) as n (key, topic)),
      cleared as (delete from inbox_gap_mark m using heard where m.key = heard.key and m.topic = heard.topic and lost = 0)
      update inbox_gap_mark m set is_known = true
      from heard where m.key = heard.key and m.topic = heard.topic and lost > 0`,
    values: [strands.map(({ key }) => key), strands.map(({ topic }) => topic)],
  });
}
