import type { DeliveryState, EventData, Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import { scheduleKindOf } from "../delivery/verdict.ts";

/** The fields of a delivery that its published result needs. */
export type DeliveryHead = {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly subscriptionId: string | null;
  readonly party: string;
  /** The case id, which is null for a test page and for an event about no case. */
  readonly caseId: string | null;
  readonly timeline: string;
  readonly eventType: string;
  readonly eventAt: Instant;
  readonly causeTopic: string;
  readonly causeSequence: number;
  /** The outbound message that the delivery sends to the customer as mail, or null. */
  readonly outboundMessageId: string | null;
};

/** The reason of a page or of a call of the last resort. */
export type DeliveryPage = Pick<EventData<"roster.paged">, "reason" | "clock" | "kind" | "firingId"> & {
  /** The paged person, or undefined for a call of the last resort. */
  readonly person?: string;
  /** The other people whom this delivery pages, because they have the same address. */
  readonly alsoFor?: readonly string[];
  /** True if notification has published that the page reaches no person. */
  readonly unreachable?: true;
};

export type NewDelivery = DeliveryHead & {
  readonly target: string;
  readonly url: string;
  readonly payload: string;
  /** The reason of a page or of a call of the last resort. Notification checks the reason again before it sends the delivery. */
  readonly page?: DeliveryPage;
  readonly ringTestId?: string;
  readonly state: "waiting" | "recorded";
};

/** The columns of a `DeliveryHead`, for a select list. */
export const headColumns = `
  delivery.delivery_id as "deliveryId", delivery.event_id as "eventId", delivery.subscription_id as "subscriptionId",
  delivery.party, delivery.case_id as "caseId", delivery.timeline, delivery.event_type as "eventType",
  delivery.event_at as "eventAt", delivery.cause_topic as "causeTopic", delivery.cause_sequence as "causeSequence",
  delivery.outbound_message_id as "outboundMessageId"`;

/** Inserts the deliveries that do not exist yet, by event and target, and returns them. */
export async function insertDeliveries(
  tx: Tx,
  deliveries: readonly NewDelivery[],
  now: Instant,
  giveUpMs: { readonly subscription: number; readonly lastResort: number },
): Promise<(DeliveryHead & { state: DeliveryState })[]> {
  if (deliveries.length === 0) return [];
  const column = <T>(pick: (delivery: NewDelivery) => T) => deliveries.map(pick);
  return tx.query({
    name: "notification.insert-deliveries",
    text: `
      -- notification.insert-deliveries
      insert into delivery (
        delivery_id, event_id, target, subscription_id, party, case_id, timeline, event_type, event_at, cause_topic,
        cause_sequence, url, payload, state, give_up_at, page, ring_test_id, outbound_message_id, due_at, created_at, ended_at)
      select *, case when state = 'waiting' then $16::timestamptz end, $16::timestamptz,
        case when state <> 'waiting' then $16::timestamptz end
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::timestamptz[], $10::text[], $11::bigint[], $12::text[], $13::text[], $14::text[], $15::timestamptz[], $17::jsonb[], $18::text[],
        $19::text[])
        as new (delivery_id, event_id, target, subscription_id, party, case_id, timeline, event_type, event_at,
          cause_topic, cause_sequence, url, payload, state, give_up_at, page, ring_test_id, outbound_message_id)
      order by event_id, target
      on conflict (event_id, target) do nothing
      returning ${headColumns}, delivery.state`,
    values: [
      column(({ deliveryId }) => deliveryId),
      column(({ eventId }) => eventId),
      column(({ target }) => target),
      column(({ subscriptionId }) => subscriptionId),
      column(({ party }) => party),
      column(({ caseId }) => caseId),
      column(({ timeline }) => timeline),
      column(({ eventType }) => eventType),
      column(({ eventAt }) => toSql(eventAt)),
      column(({ causeTopic }) => causeTopic),
      column(({ causeSequence }) => causeSequence),
      column(({ url }) => url),
      column(({ payload }) => payload),
      column(({ state }) => state),
      column((delivery) => toSql(now + giveUpMs[scheduleKindOf(delivery)])),
      toSql(now),
      column(({ page }) => (page === undefined ? null : JSON.stringify(page))),
      column(({ ringTestId }) => ringTestId ?? null),
      column(({ outboundMessageId }) => outboundMessageId),
    ],
  });
}

/** Counts the waiting deliveries of a timeline other than the wall timeline. */
export async function countWaiting(tx: Tx, timeline: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>({
    text: `
      -- notification.count-waiting
      select count(*) as count from delivery where timeline = $1 and state = 'waiting' and timeline <> 'wall'`,
    values: [timeline],
  });
  return row?.count ?? 0;
}

/** Deletes up to `most` deliveries that ended before `before`, with their attempts. Returns their number. */
export async function deleteEnded(tx: Tx, before: Instant, most: number): Promise<number> {
  const deleted = await tx.query({
    text: `
      -- notification.delete-ended
      delete from delivery where delivery_id in (
        select delivery_id from delivery where ended_at < $1::timestamptz order by ended_at limit $2
        for update skip locked)
      returning 1`,
    values: [toSql(before), most],
  });
  return deleted.length;
}
