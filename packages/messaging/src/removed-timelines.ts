import { wall } from "@crossline/contracts";
import type { Database, Tx } from "@crossline/postgres";

/**
 * Deletes some rows of a removed timeline. `keys` lists the record keys of the deleted rows, mostly case ids. `more` is
 * true if rows remain.
 */
export type DeleteTimelineRows = (
  tx: Tx,
  timeline: string,
  rowsMax: number,
) => Promise<{ readonly keys: readonly string[]; readonly more: boolean }>;

const rowsMax = 500;
const waitingMax = 5_000;

/**
 * Saves the removal of timelines in the caller's transaction. After the commit consumers skip the records of these
 * timelines.
 */
export async function saveRemovedTimelines(tx: Tx, timelines: readonly string[]): Promise<void> {
  if (timelines.length === 0) return;
  await tx.query({
    text: `
      -- removed-timeline.note
      insert into removed_timeline (timeline) select distinct unnest($1::text[]) order by 1 on conflict do nothing`,
    values: [timelines],
  });
}

/**
 * Returns the removed timelines among the timelines of these records. Sends no statement if all records are on the wall
 * timeline.
 */
export async function findRemovedTimelines(
  tx: Tx,
  records: readonly { readonly timeline: string }[],
): Promise<ReadonlySet<string>> {
  const timelines = new Set(records.map(({ timeline }) => timeline));
  timelines.delete(wall);
  if (timelines.size === 0) return timelines;
  const rows = await tx.query<{ timeline: string }>({
    name: "removed-timeline.among",
    text: `
      -- removed-timeline.among
      select timeline from removed_timeline where timeline = any($1::text[])`,
    values: [[...timelines]],
  });
  return new Set(rows.map(({ timeline }) => timeline));
}

/**
 * Deletes a bounded number of rows that removed timelines have left in this schema. Returns false if nothing remains to
 * delete. A loop calls this function, and any number of processes can call the function at once.
 */
export async function deleteRemovedTimelines(
  database: Database,
  partitions: number,
  removeRows: DeleteTimelineRows,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const timeline = await lockUnfinished(tx);
    if (timeline === undefined) return false;
    if (await deleteSome(tx, timeline, removeRows)) return true;
    // A transaction that began before the removal was saved can still write rows. Such a transaction holds the lock of
    // its partition until it ends.
    await lockEveryPartition(tx);
    if (await deleteSome(tx, timeline, removeRows)) return true;
    const waitingKeys = await deleteWaiting(tx, timeline);
    await deleteKeys(tx, [...new Set(waitingKeys)]);
    if (waitingKeys.length === waitingMax) return true;
    await deleteKeys(tx, keysOf(timeline, partitions));
    await finish(tx, timeline);
    return true;
  });
}

/** Waits for all running transactions of consumers, and blocks new transactions. */
async function lockEveryPartition(tx: Tx): Promise<void> {
  await tx.query({
    text: `
      -- removed-timeline.lock-partitions
      select from inbox_offset order by partition, topic for no key update`,
  });
}

/** Returns the key of a timeline's removal event in a partition. */
export function removalKey(timeline: string, partition: number): string {
  return `${timeline}/removed/${partition}`;
}

function keysOf(timeline: string, partitions: number): string[] {
  return Array.from({ length: partitions }, (_, partition) => [
    `${timeline}/${partition}`,
    removalKey(timeline, partition),
  ]).flat();
}

async function deleteSome(tx: Tx, timeline: string, removeRows: DeleteTimelineRows): Promise<boolean> {
  const { keys, more } = await removeRows(tx, timeline, rowsMax);
  await deleteKeys(tx, keys);
  return more;
}

async function lockUnfinished(tx: Tx): Promise<string | undefined> {
  const [row] = await tx.query<{ timeline: string }>({
    text: `
      -- removed-timeline.lock-full
      select timeline from removed_timeline where emptied_at is null
      order by removed_at limit 1 for update skip locked`,
  });
  return row?.timeline;
}

/** Deletes the sequences and gap marks of these keys. */
async function deleteKeys(tx: Tx, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await Promise.all([
    tx.query({
      text: `
        -- removed-timeline.forget-keys
        delete from inbox_sequence using (select distinct topic from inbox_offset) as read, unnest($1::text[]) as gone (key)
        where inbox_sequence.topic = read.topic and inbox_sequence.key = gone.key`,
      values: [keys],
    }),
    tx.query({
      text: `
        -- removed-timeline.forget-gaps
        delete from inbox_gap_mark where key = any($1::text[])`,
      values: [keys],
    }),
  ]);
}

/** Returns the keys of the deleted rows, because a case without an applied record has no other row. */
async function deleteWaiting(tx: Tx, timeline: string): Promise<string[]> {
  const deleted = await tx.query<{ key: string }>({
    text: `
      -- removed-timeline.delete-waiting
      delete from inbox_waiting
      where id = any(array(select id from inbox_waiting where timeline = $1 limit $2)) returning key`,
    values: [timeline, waitingMax],
  });
  return deleted.map(({ key }) => key);
}

async function finish(tx: Tx, timeline: string): Promise<void> {
  await Promise.all([
    tx.query({
      text: `
        -- removed-timeline.delete-dead-letters
        delete from dead_letter where timeline = $1`,
      values: [timeline],
    }),
    tx.query({
      text: `
        -- removed-timeline.finish
        update removed_timeline set emptied_at = clock_timestamp() where timeline = $1`,
      values: [timeline],
    }),
  ]);
}
