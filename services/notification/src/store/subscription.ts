import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

export type SubscriptionRow = {
  readonly subscriptionId: string;
  readonly party: string;
  readonly partyKind: "carrier" | "vendor";
  readonly timeline: string;
  readonly url: string;
  readonly events: readonly string[] | null;
  readonly description: string | null;
  readonly secret: string;
  /** The instant until which messages also have a signature by the former secret. */
  readonly formerSecretUntil: Instant | null;
  readonly createdAt: Instant;
  readonly endedAt: Instant | null;
};

const columns = `
  subscription_id as "subscriptionId", party, party_kind as "partyKind", timeline, url, events, description, secret,
  case when former_secret_until > clock_timestamp() then former_secret_until end as "formerSecretUntil", created_at as "createdAt", ended_at as "endedAt"`;

/** Locks the subscriptions of a party until the transaction ends, because the transaction counts them. */
export async function lockSubscriptions(tx: Tx, party: string): Promise<void> {
  await tx.query({
    text: `
      -- notification.lock-subscriptions
      select pg_advisory_xact_lock(hashtextextended('notification/subscriptions/' || $1, 0))`,
    values: [party],
  });
}

export async function insertSubscription(tx: Tx, row: SubscriptionRow): Promise<void> {
  await tx.query({
    text: `
      -- notification.insert-subscription
      insert into subscription (subscription_id, party, party_kind, timeline, url, events, description, secret, created_at)
      values ($1, $2, $3, $4, $5, $6::text[], $7, $8, $9::timestamptz)`,
    values: [
      row.subscriptionId,
      row.party,
      row.partyKind,
      row.timeline,
      row.url,
      row.events,
      row.description,
      row.secret,
      toSql(row.createdAt),
    ],
  });
}

export async function listSubscriptions(tx: Tx, party: string): Promise<SubscriptionRow[]> {
  return tx.query({
    text: `
      -- notification.list-subscriptions
      select ${columns} from subscription
      where party = $1 and ended_because is distinct from 'deleted'
      order by subscription_id`,
    values: [party],
  });
}

export async function findSubscription(tx: Tx, party: string, id: string): Promise<SubscriptionRow | undefined> {
  const [row] = await tx.query<SubscriptionRow>({
    text: `
      -- notification.find-subscription
      select ${columns} from subscription
      where subscription_id = $2 and party = $1 and ended_because is distinct from 'deleted'`,
    values: [party, id],
  });
  return row;
}

/** Deletes a subscription and cancels its waiting deliveries. Returns false if the party has no subscription with this id. */
export async function deleteSubscription(tx: Tx, party: string, id: string): Promise<boolean> {
  const deleted = await tx.query({
    text: `
      -- notification.delete-subscription
      update subscription set ended_at = coalesce(ended_at, clock_timestamp()), ended_because = 'deleted'
      where subscription_id = $2 and party = $1 and ended_because is distinct from 'deleted'
      returning 1`,
    values: [party, id],
  });
  if (deleted.length === 0) return false;
  await tx.query({
    text: `
      -- notification.cancel-deliveries
      update delivery set state = 'cancelled', due_at = null, ended_at = clock_timestamp()
      where target = $1 and state = 'waiting'`,
    values: [id],
  });
  return true;
}

/** Ends subscriptions whose receiver returned 410. */
export async function disableSubscriptions(tx: Tx, ids: readonly string[], now: Instant): Promise<void> {
  await tx.query({
    text: `
      -- notification.disable-subscriptions
      update subscription set ended_at = $2::timestamptz, ended_because = 'gone'
      where subscription_id = any($1::text[]) and ended_at is null`,
    values: [ids, toSql(now)],
  });
}
