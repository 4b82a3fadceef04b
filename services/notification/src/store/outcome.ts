import type { DeliveryState, Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import type { AttemptResult } from "../delivery/send.ts";
import type { DeliveryVerdict } from "../delivery/verdict.ts";
import type { ClaimedDelivery } from "./claim.ts";
import { type DeliveryHead, headColumns } from "./delivery.ts";

/** An attempt with its result and effect. */
export type AttemptOutcome = {
  readonly claimed: ClaimedDelivery;
  readonly result: AttemptResult;
  readonly verdict: DeliveryVerdict;
};

export type EndedDelivery = DeliveryHead & { readonly attempts: number; readonly status: number | null };

/**
 * Saves attempts, updates their deliveries, and returns the ids of the updated deliveries. The statement skips a delivery if it
 * was cancelled after the claim, or if another process has recorded an attempt after the lease expired.
 */
export async function saveOutcomes(
  tx: Tx,
  outcomes: readonly AttemptOutcome[],
  now: Instant,
): Promise<ReadonlySet<string>> {
  const column = <T>(pick: (outcome: AttemptOutcome) => T) => outcomes.map(pick);
  const moved = await tx.query<{ id: string }>({
    name: "notification.save-outcomes",
    text: `
      -- notification.save-outcomes
      with attempt as (
        select * from unnest($1::text[], $2::integer[], $3::timestamptz[], $4::integer[], $5::integer[], $6::text[],
          $7::text[], $8::timestamptz[])
          as attempt (delivery_id, number, attempted_at, duration_ms, status, error, state, due_at)
      ), locked as (
        select delivery_id from delivery where delivery_id = any($1::text[]) order by delivery_id for update
      ), moved as (
        update delivery set state = attempt.state, due_at = attempt.due_at, attempts = number, tries = tries + 1,
          last_status = attempt.status, ended_at = case when attempt.state <> 'waiting' then $9::timestamptz end
        from attempt join locked using (delivery_id)
        where delivery.delivery_id = attempt.delivery_id and delivery.state = 'waiting' and attempts = number - 1
        returning delivery.delivery_id
      )
      insert into delivery_attempt (delivery_id, number, attempted_at, duration_ms, status, error)
      select delivery_id, number, attempted_at, duration_ms, status, error from attempt join moved using (delivery_id)
      returning delivery_id as id`,
    values: [
      column(({ claimed }) => claimed.deliveryId),
      column(({ claimed }) => claimed.attempts + 1),
      column(({ claimed }) => toSql(claimed.now)),
      column(({ result }) => result.durationMs),
      column(({ result }) => ("status" in result ? result.status : null)),
      column(({ result }) => ("error" in result ? result.error : null)),
      column(({ verdict }) => verdict.state),
      column(({ verdict }) => (verdict.dueAt === undefined ? null : toSql(verdict.dueAt))),
      toSql(now),
    ],
  });
  return new Set(moved.map(({ id }) => id));
}

/** Gives the pages of a bundle the state of the delivery that carries the bundle, and returns the pages that have ended. */
export async function moveMembers(
  tx: Tx,
  carrying: readonly string[],
): Promise<(EndedDelivery & { state: DeliveryState })[]> {
  if (carrying.length === 0) return [];
  const moved = await tx.query<EndedDelivery & { state: DeliveryState }>({
    name: "notification.move-members",
    text: `
      -- notification.move-members
      with locked as (
        select delivery_id from delivery where goes_with = any($1::text[]) and state = 'waiting'
        order by delivery_id for update
      )
      update delivery set state = carrying.state, due_at = carrying.due_at, attempts = carrying.attempts,
        tries = carrying.tries, last_status = carrying.last_status, ended_at = carrying.ended_at
      from locked, delivery carrying
      where delivery.delivery_id = locked.delivery_id and carrying.delivery_id = delivery.goes_with
      returning ${headColumns}, delivery.state, delivery.attempts, delivery.last_status as status`,
    values: [carrying],
  });
  return moved.filter(({ state }) => state !== "waiting");
}

/**
 * Abandons up to `most` deliveries that cannot succeed: the receiver is gone, or the time of the delivery has ended while the
 * circuit was open. If deliveries are late because notification was down, notification still tries them.
 */
export async function abandonHopeless(tx: Tx, now: Instant, most: number): Promise<EndedDelivery[]> {
  return tx.query({
    text: `
      -- notification.abandon-hopeless
      with hopeless as (
        (select delivery_id from subscription join delivery on target = subscription.subscription_id
          where ended_because = 'gone' and state = 'waiting' limit $2)
        union all
        (select delivery_id from circuit join delivery using (target)
          where open_until > $1::timestamptz and state = 'waiting' and goes_with is null and give_up_at < $1::timestamptz limit $2)
      ), locked as (
        select delivery_id from delivery where delivery_id in (select delivery_id from hopeless)
        order by delivery_id limit $2 for update skip locked
      )
      update delivery set state = 'abandoned', due_at = null, ended_at = $1::timestamptz
      from locked where delivery.delivery_id = locked.delivery_id and state = 'waiting'
      returning ${headColumns}, attempts, last_status as status`,
    values: [toSql(now), most],
  });
}
