import type { Instant } from "@crossline/contracts";
import type { Secrets } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { type DeliveryHead, headColumns, type DeliveryPage } from "./delivery.ts";
import { secretColumns, type SecretsRow, toSecrets } from "./secrets.ts";

/** A delivery in this process' hand, until the lease that its claim took runs out. */
export type ClaimedDelivery = DeliveryHead & {
  readonly target: string;
  readonly url: string;
  readonly payload: string;
  /** Why a person is paged; null for everything else. */
  readonly page: DeliveryPage | null;
  /** The message that it carries, if it is a page whose first attempt was due; alone, or with the pages that go with it. */
  readonly bundleId: string | null;
  /** The id that the receiver knows the message by. */
  readonly messageId: string;
  readonly attempts: number;
  readonly tries: number;
  readonly giveUpAt: Instant;
  /** The time of the claim, by the database's clock. */
  readonly now: Instant;
};

export type ClaimLimits = {
  /** How many at most, now. */
  readonly most: number;
  readonly perTarget: number;
  /** Beyond one for each of its targets. */
  readonly perParty: number;
  /** As long as an attempt can take, and some more. */
  readonly leaseMs: number;
  /** Failures in a row from which on a target gets one at a time. */
  readonly openAfter: number;
};

/** What this process has in hand already. */
export type RunningAttempts = readonly { readonly target: string; readonly party: string }[];

/**
 * Takes due deliveries, the oldest of every target, so that a backlog of one is never read through for another. Targets
 * whose circuit is open get nothing, those that have just failed one at a time. What the limits leave out stays due.
 */
export async function claimDue(tx: Tx, limits: ClaimLimits, inHand: RunningAttempts): Promise<ClaimedDelivery[]> {
  return tx.query({
    name: "notification.claim-due",
    text: `
      -- notification.claim-due
      with recursive tick as materialized (select clock_timestamp() as now),
      waiting (target) as (
        -- Jumps from target to target in the index: as many steps as there are targets, however long their backlogs.
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
      -- Every target gets a first one before any gets a second. The first is free of the party's limit: its receivers
      -- that hang must not hold up the one that works.
      ordered as (
        select *, busy + row_number() over (partition by target order by due_at) as nth from candidate
      ),
      ranked as (select *, row_number() over (partition by party order by nth, due_at) as place from ordered),
      picked as (
        select delivery_id from ranked left join busy_party using (party)
        where nth = 1 or place <= $3 - coalesce(busy_party.count, 0)
        order by nth, random() -- where there is not room for all nobody is always last
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
 * In how many milliseconds the next delivery can be claimed, as far as is known now; nothing where none waits. By what
 * other processes have in hand it may be later.
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

/** The secrets to sign these with: a subscription's, or nothing where it is a call of the last resort. */
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
