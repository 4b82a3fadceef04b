import type { ReceivedMessage } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** Finds the event types to which vendors have subscribed, as `<timeline>/<event type>` or `<timeline>/*`. */
export async function findVendorInterest(tx: Tx): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ interest: string }>({
    name: "notification.find-vendor-interest",
    text: `
      -- notification.find-vendor-interest
      select distinct timeline || '/' || type as interest
      from subscription cross join lateral unnest(coalesce(events, array['*'])) as type
      where party_kind = 'vendor' and ended_at is null`,
  });
  return new Set(rows.map(({ interest }) => interest));
}

export async function insertEarlyEvents(tx: Tx, events: readonly ReceivedMessage[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query({
    name: "notification.insert-early-events",
    text: `
      -- notification.insert-early-events
      insert into early_event (event_id, case_id, partition, event)
      select * from unnest($1::text[], $2::text[], $3::integer[], $4::jsonb[])
      on conflict (event_id) do nothing`,
    values: [
      events.map(({ id }) => id),
      events.map(({ key }) => key),
      events.map(({ partition }) => partition),
      events.map((event) => JSON.stringify(event)),
    ],
  });
}

export async function findEarlyEvents(tx: Tx, caseIds: readonly string[]): Promise<ReceivedMessage[]> {
  if (caseIds.length === 0) return [];
  const rows = await tx.query<{ event: ReceivedMessage }>({
    name: "notification.find-early-events",
    text: `
      -- notification.find-early-events
      select event from early_event where case_id = any($1::text[]) order by case_id, event_id`,
    values: [caseIds],
  });
  return rows.map(({ event }) => event);
}

/**
 * Deletes events older than ten minutes in partitions that notification has read to the end. No unread offer can precede an
 * event of this age. Routing has published all offers from before the event, and notification has read them.
 */
export async function deleteEarlyEvents(tx: Tx, partitions: readonly number[]): Promise<void> {
  if (partitions.length === 0) return;
  await tx.query({
    text: `
      -- notification.delete-early-events
      delete from early_event
      where partition = any($1::integer[]) and kept_at < clock_timestamp() - interval '10 minutes'`,
    values: [partitions],
  });
}
