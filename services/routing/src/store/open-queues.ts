import type { OpenQueue } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";

/** Finds all queues that these vendors have opened or closed, ordered by name. */
export function findOpenQueues(tx: Tx, vendors: readonly string[]): Promise<OpenQueue[]> {
  return tx.query({
    name: "routing.find-open-queues",
    text: `
      -- routing.find-open-queues
      select queue, carriers from open_queue where vendor = any($1::text[]) order by queue`,
    values: [vendors],
  });
}

/** Finds all queues in the published lines of a carrier, in all versions of the lines. */
export async function findQueuesOnLines(tx: Tx, carrier: string): Promise<string[]> {
  const rows = await tx.query<{ queue: string }>({
    text: `
      -- routing.find-queues-on-lines
      select distinct substr(step ->> 'to', length('queue:') + 1) as queue
      from line, json_array_elements(document -> 'crossing') as step
      where carrier = $1 and step ->> 'to' like 'queue:%' order by queue`,
    values: [carrier],
  });
  return rows.map(({ queue }) => queue);
}

/** Lists the queues that vendors have opened to a carrier, ordered by name. */
export async function listQueuesOpenTo(tx: Tx, carrier: string): Promise<string[]> {
  const rows = await tx.query<{ queue: string }>({
    text: `
      -- routing.list-queues-open-to
      select queue from open_queue where carriers is null or $1 = any(carriers) order by queue`,
    values: [carrier],
  });
  return rows.map(({ queue }) => queue);
}

/** Locks the queues of a vendor until the transaction ends, because the transaction counts the queues. */
export async function lockOpenQueues(tx: Tx, vendor: string): Promise<void> {
  await tx.query({
    text: `
      -- routing.lock-open-queues
      select pg_advisory_xact_lock(hashtextextended(current_schema() || '/open-queues/' || $1, 0))`,
    values: [vendor],
  });
}

export async function saveOpenQueue(tx: Tx, vendor: string, { queue, carriers }: OpenQueue): Promise<void> {
  await tx.query({
    text: `
      -- routing.save-open-queue
      insert into open_queue (queue, vendor, carriers) values ($1, $2, $3::text[])
      on conflict (queue) do update set carriers = excluded.carriers, changed_at = excluded.changed_at`,
    values: [queue, vendor, carriers],
  });
}

/** A queue, and the time in milliseconds since its last read, measured by the clock of this process. */
export type QueueReadTime = { readonly queue: string; readonly agoMs: number };

/** Saves the last reads of queues. If the stored read of a queue is later than the new read, the stored read stays. */
export async function saveQueueReads(tx: Tx, reads: readonly QueueReadTime[]): Promise<void> {
  if (reads.length === 0) return;
  await tx.query({
    text: `
      -- routing.save-queue-reads
      insert into queue_read (queue, last_read_at)
      select queue, clock_timestamp() - make_interval(secs => ago_ms / 1000.0)
      from unnest($1::text[], $2::float8[]) as read (queue, ago_ms) order by queue
      on conflict (queue) do update set last_read_at = greatest(queue_read.last_read_at, excluded.last_read_at)`,
    values: [reads.map(({ queue }) => queue), reads.map(({ agoMs }) => agoMs)],
  });
}
