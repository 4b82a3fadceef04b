import type { Instant } from "@crossline/contracts";
import type { Secrets } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type DeliveryHead, headColumns, type DeliveryPage } from "./delivery.ts";
import { secretColumns, type SecretsRow, toSecrets } from "./secrets.ts";

/** A delivery that this process has claimed. The claim ends when its lease expires. */
export type ClaimedDelivery = DeliveryHead & {
  readonly target: string;
  readonly url: string;
  readonly payload: string;
  /** The reason of a page or of a call of the last resort; null for other deliveries. */
  readonly page: DeliveryPage | null;
  /**
   * The page message to which a page is bound. Null for a page before its first attempt, and for a delivery that is not a page.
   */
  readonly bundleId: string | null;
  /** The `webhook-id` of the message. */
  readonly messageId: string;
  readonly attempts: number;
  readonly tries: number;
  readonly giveUpAt: Instant;
  /** The time of the claim, by the database's clock. */
  readonly now: Instant;
};

export type ClaimLimits = {
  /** The maximum number of deliveries to claim. */
  readonly most: number;
  readonly perTarget: number;
  /**
   * The maximum number of concurrent attempts for one party. The first delivery to each of the party's targets does not count.
   */
  readonly perParty: number;
  /** The duration of a claim, which must be longer than the longest attempt. */
  readonly leaseMs: number;
  /** The number of consecutive failures after which a target gets one delivery at a time. */
  readonly openAfter: number;
};

/** The running attempts of this process. */
export type RunningAttempts = readonly { readonly target: string; readonly party: string }[];

/**
 * Claims the oldest due deliveries of each target. The query reads deliveries by target, so that it need not scan the backlog of
 * one target to find the deliveries of another target. The query claims no delivery of a target with an open circuit. When the
 * circuit's time is over, the query claims one delivery of the target at a time. Deliveries above one of the limits stay due.
 */
export async function claimDue(tx: Tx, limits: ClaimLimits, inHand: RunningAttempts): Promise<ClaimedDelivery[]> {
  return tx.query({
    name: "notification.claim-due",
    text: `
      -- notification.claim-due
      with recursive tick as materialized (select clock_timestamp() as now),
      waiting (target) as (
        -- Jumps from target to target in the index, so the cost depends on the number of targets, not on their backlogs.
        (select target from delivery where state = 'waiting' and goes_with is null order by target limit 1)
        union all
        select (select delivery.target from delivery
          where state = 'waiting' and goes_with is null and delivery.target > waiting.target order by delivery.target limit 1)
        from waiting where waiting.target is not null
      ),
      busy_target as (select target, count(*) as count from unnest($6::text[]) as busy (target) group by target),
      busy_party as (select party, count(*) as count from unnest($7::text[]) as busy (party) group by party),
      willing as (
        select target, coalesce(busy_target.count, 0) as busy,
          greatest(0, case when circuit.failures >= $5 then 1 else $2 end - coalesce(busy_target.count, 0)) as most
        from waiting
        left join circuit using (target)
        left join subscription on subscription_id = target
        left join busy_target using (target)
        where target is not null and subscription.ended_at is null
          and (circuit.open_until is null or circuit.open_until <= (select now from tick))
      ),
      candidate as (
        select willing.busy, oldest.* from willing cross join lateral (
          select delivery_id, target, party, due_at from delivery
          where delivery.target = willing.target and state = 'waiting' and goes_with is null and due_at <= (select now from tick)
          order by due_at limit willing.most
          for update skip locked
        ) oldest
      ),
      -- Each target gets a first delivery before any target gets a second one. The party's limit does not count first deliveries:
      -- receivers that hang must not block another receiver of the party.
      ordered as (
        select *, busy + row_number() over (partition by target order by due_at) as nth from candidate
      ),
      ranked as (select *, row_number() over (partition by party order by nth, due_at) as place from ordered),
      picked as (
        select delivery_id from ranked left join busy_party using (party)
        where nth = 1 or place <= $3 - coalesce(busy_party.count, 0)
        order by nth, random() -- random, so that no target is always the last
        limit $1
      )
      update delivery set due_at = (select now from tick) + make_interval(secs => $4 / 1000.0)
      from picked where delivery.delivery_id = picked.delivery_id
      returning ${headColumns}, target, url, page, bundle_id as "bundleId",
        coalesce((select bundle.payload from page_bundle bundle where bundle.bundle_id = delivery.bundle_id), payload) as payload,
        coalesce((select bundle.bundle_id from page_bundle bundle
          where bundle.bundle_id = delivery.bundle_id and bundle.payload is not null), event_id) as "messageId", attempts, tries, give_up_at as "giveUpAt", (select now from tick) as now`,
    values: [
      limits.most,
      limits.perTarget,
      limits.perParty,
      limits.leaseMs,
      limits.openAfter,
      inHand.map(({ target }) => target),
      inHand.map(({ party }) => party),
    ],
  });
}

/**
 * Returns the milliseconds until the next delivery may be due, or undefined if no delivery waits. If another process claims
 * this delivery, the next delivery is due later.
 */
export async function nextDueInMs(tx: Tx): Promise<number | undefined> {
  const [row] = await tx.query<{ inMs: number | null }>({
    name: "notification.next-due",
    text: `
      -- notification.next-due
      with recursive waiting (target) as (
        (select target from delivery where state = 'waiting' and goes_with is null order by target limit 1)
        union all
        select (select delivery.target from delivery
          where state = 'waiting' and goes_with is null and delivery.target > waiting.target order by delivery.target limit 1)
        from waiting where waiting.target is not null
      )
      select (extract(epoch from min(greatest(oldest.due_at, circuit.open_until)) - clock_timestamp()) * 1000)::bigint
        as "inMs"
      from waiting
      left join circuit using (target)
      cross join lateral (
        select due_at from delivery where delivery.target = waiting.target and state = 'waiting' and goes_with is null
        order by due_at limit 1
      ) oldest`,
  });
  return row?.inMs ?? undefined;
}

/** Finds the signing secrets of these subscriptions. */
export async function subscriptionSecrets(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Secrets>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<SecretsRow & { id: string }>({
    name: "notification.find-secrets",
    text: `
      -- notification.find-secrets
      select subscription_id as id, ${secretColumns} from subscription where subscription_id = any($1::text[])`,
    values: [[...new Set(ids)]],
  });
  return new Map(rows.map(({ id, ...row }) => [id, toSecrets(row)]));
}
