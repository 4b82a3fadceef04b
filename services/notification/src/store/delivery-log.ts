import { type DeliveryState, type Instant, type ServiceOperation, formatInstant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import { isLater } from "./case-reading.ts";

type LoggedAttempt = {
  readonly number: number;
  /** The instant as an ISO 8601 text, since the query returns the attempts as JSON. */
  readonly at: string;
  readonly durationMs: number;
  readonly status: number | null;
  readonly error: string | null;
};

export type LoggedDelivery = {
  readonly deliveryId: string;
  readonly party: string;
  readonly subscriptionId: string | null;
  readonly caseId: string | null;
  readonly ringTestId: string | null;
  readonly timeline: string;
  readonly eventId: string;
  readonly bundleId: string | null;
  readonly eventType: string;
  readonly url: string;
  readonly state: DeliveryState;
  readonly createdAt: Instant;
  readonly dueAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly attempts: readonly LoggedAttempt[];
};

const columns = `
  delivery.delivery_id as "deliveryId", delivery.party, delivery.subscription_id as "subscriptionId", case_id as "caseId",
  ring_test_id as "ringTestId",
  delivery.timeline, bundle_id as "bundleId", event_id as "eventId", event_type as "eventType", delivery.url, state,
  delivery.created_at as "createdAt", due_at as "dueAt", delivery.ended_at as "endedAt",
  (select coalesce(json_agg(json_build_object(
      'number', number, 'at', to_char(attempted_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'durationMs', duration_ms,
      'status', status, 'error', error) order by number), '[]')
    from delivery_attempt attempt where attempt.delivery_id = coalesce(delivery.goes_with, delivery.delivery_id)) as attempts`;

export type LogFilter = {
  /** The company whose deliveries the caller may read. Undefined: all companies. */
  readonly reader: string | undefined;
  readonly party?: string | undefined;
  readonly case?: string | undefined;
  readonly subscription?: string | undefined;
  readonly state?: DeliveryState | undefined;
  /** The last delivery of the previous result page. */
  readonly before?: string | undefined;
  readonly limit: number;
};

/** Lists the deliveries that a caller may read, the newest first. */
export async function listDeliveries(tx: Tx, filter: LogFilter): Promise<LoggedDelivery[]> {
  return tx.query({
    text: `
      -- notification.list-deliveries
      select ${columns} from delivery
      where ($1::text is null or party = $1) and ($7::text is null or party = $7) and ($2::text is null or case_id = $2) and ($3::text is null or subscription_id = $3)
        and ($4::text is null or state = $4) and ($5::text is null or delivery_id < $5)
      order by delivery_id desc limit $6`,
    values: [
      filter.reader ?? null,
      filter.case ?? null,
      filter.subscription ?? null,
      filter.state ?? null,
      filter.before ?? null,
      filter.limit,
      filter.party ?? null,
    ],
  });
}

/** Finds a delivery of a company, or of any company if `reader` is undefined. */
export async function findDelivery(
  tx: Tx,
  reader: string | undefined,
  id: string,
): Promise<LoggedDelivery | undefined> {
  const [row] = await tx.query<LoggedDelivery>({
    text: `
      -- notification.find-delivery
      select ${columns} from delivery where delivery_id = $2 and ($1::text is null or party = $1)`,
    values: [reader ?? null, id],
  });
  return row;
}

/**
 * The data that decide whether a delivery can be sent again. `later` is true if the event is later than the end of the party's
 * part.
 */
type RedeliveryCheck = {
  readonly state: DeliveryState;
  readonly subscriptionId: string | null;
  readonly outboundMessageId: string | null;
  readonly ended: boolean;
  readonly later: boolean;
  readonly isRingTest: boolean;
};

/** Locks a delivery, and reads the data that decide whether it can be sent again. */
export async function lockForRedelivery(tx: Tx, party: string, id: string): Promise<RedeliveryCheck | undefined> {
  const [row] = await tx.query<RedeliveryCheck>({
    text: `
      -- notification.lock-for-redelivery
      select state, delivery.subscription_id as "subscriptionId", outbound_message_id as "outboundMessageId",
        subscription.ended_at is not null as ended, ring_test_id is not null as "isRingTest",
        exists (select from case_vendor where case_vendor.case_id = delivery.case_id and vendor = delivery.party
          and ${isLater("delivery", "case_vendor")}) as later
      from delivery left join subscription using (subscription_id)
      where delivery_id = $2 and delivery.party = $1
      for no key update of delivery`,
    values: [party, id],
  });
  return row;
}

/** Makes a delivery due now, with a new schedule of retries. */
export async function redeliver(tx: Tx, id: string, now: Instant, giveUpAt: Instant): Promise<void> {
  await tx.query({
    text: `
      -- notification.redeliver
      update delivery
      set state = 'waiting', due_at = $2::timestamptz, give_up_at = $3::timestamptz, tries = 0, ended_at = null,
        -- An ended page gets a new message. A bundle that is still waiting stays unchanged.
        bundle_id = case when state = 'waiting' then bundle_id end, goes_with = case when state = 'waiting' then goes_with end
      where delivery_id = $1`,
    values: [id, toSql(now), toSql(giveUpAt)],
  });
}

export type WaitingByAge = { readonly underMinute: number; readonly underHour: number; readonly older: number };

/** Counts the waiting deliveries by age. */
export async function countWaitingByAge(tx: Tx): Promise<WaitingByAge> {
  const [row] = await tx.query<WaitingByAge>({
    text: `
      -- notification.count-waiting-by-age
      select count(*) filter (where age < interval '1 minute') as "underMinute",
        count(*) filter (where age >= interval '1 minute' and age < interval '1 hour') as "underHour",
        count(*) filter (where age >= interval '1 hour') as older
      from (select clock_timestamp() - created_at as age from delivery where state = 'waiting') as waiting`,
  });
  return row ?? { underMinute: 0, underHour: 0, older: 0 };
}

/** Counts the waiting deliveries, and those that were abandoned in the last 24 hours. */
export async function readOperation(tx: Tx): Promise<Pick<ServiceOperation, "deliveries">> {
  const [row] = await tx.query<{ since: Instant; waiting: number; abandoned: number }>({
    text: `
      -- notification.read-operation
      select statement_timestamp() - interval '24 hours' as since,
        (select count(*)::integer from delivery where state = 'waiting') as waiting,
        (select count(*)::integer from delivery
          where state = 'abandoned' and ended_at > statement_timestamp() - interval '24 hours') as abandoned`,
  });
  return row === undefined ? {} : { deliveries: { ...row, since: formatInstant(row.since) } };
}
