import type { Instant } from "@crossline/contracts";
import type { CanaryState } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import type { CanaryRow } from "./canaries.ts";

/** A canary whose next step is due, and Postgres' time. */
export type DueCanary = Omit<CanaryRow, "acknowledgedAt"> & { readonly now: Instant };

/** The state of a canary to save, with the time of its next step. */
export type CanaryStep = { readonly id: string; readonly state: CanaryState; readonly stepAt: Instant };

/** A step takes at most two requests of 5 s, so a lease of this length ends only if its process died or is stuck. */
const leaseSeconds = 30;

/**
 * Returns at most `limit` canaries whose steps are due and locks them until the transaction ends. Skips canaries that another worker
 * has. A time that only a jump of the clock into the past explains counts as passed.
 * Such a time is a step after the next period, or a lease that is longer than any lease.
 */
export function lockDueCanaries(tx: Tx, limit: number): Promise<DueCanary[]> {
  return tx.query({
    text: `
      -- canary.lock-due
      select id, carrier, line, channel, every_ms as "everyMs", within_ms as "withinMs", key_id as "keyId",
        sealed_key as "sealedKey", state, clock_timestamp() as now
      from canary
      where (step_at <= clock_timestamp() or step_at > clock_timestamp() + make_interval(secs => every_ms / 1000.0))
        and (lease_until is null or lease_until <= clock_timestamp()
          or lease_until > clock_timestamp() + make_interval(secs => $1))
      order by step_at limit $2 for update skip locked`,
    values: [leaseSeconds, limit],
  });
}

/** Gives a worker the lease of a canary that this transaction has locked, and saves the canary's state. */
export async function leaseCanary(tx: Tx, { id, state, stepAt }: CanaryStep, lease: string): Promise<void> {
  await tx.query({
    text: `
      -- canary.lease
      update canary set state = $2::json, running = $3, due_at = $4::timestamptz, step_at = $5::timestamptz, lease = $6,
        lease_until = clock_timestamp() + make_interval(secs => $7)
      where id = $1`,
    values: [...valuesOf({ id, state, stepAt }), lease, leaseSeconds],
  });
}

/**
 * Returns the state of a canary and Postgres' time, if the worker still has the lease. Locks the canary until the transaction ends.
 */
export async function lockLeased(
  tx: Tx,
  id: string,
  lease: string,
): Promise<Pick<DueCanary, "state" | "everyMs" | "withinMs" | "now"> | undefined> {
  const [row] = await tx.query<Pick<DueCanary, "state" | "everyMs" | "withinMs" | "now">>({
    text: `
      -- canary.lock-leased
      select state, every_ms as "everyMs", within_ms as "withinMs", clock_timestamp() as now
      from canary where id = $1 and lease = $2 for update`,
    values: [id, lease],
  });
  return row;
}

/** Saves the state of a canary that this transaction has locked, and ends its lease. */
export async function saveCanaryStep(tx: Tx, step: CanaryStep): Promise<void> {
  const { last } = step.state;
  const acknowledgedAt = last?.outcome === "acknowledged" ? toSql(last.endedAt) : null;
  await tx.query({
    text: `
      -- canary.save-step
      update canary set state = $2::json, running = $3, due_at = $4::timestamptz, step_at = $5::timestamptz,
        lease = null, lease_until = null, acknowledged_at = coalesce($6::timestamptz, acknowledged_at)
      where id = $1`,
    values: [...valuesOf(step), acknowledgedAt],
  });
}

function valuesOf({ id, state, stepAt }: CanaryStep): unknown[] {
  return [id, JSON.stringify(state), state.run !== undefined, toSql(state.dueAt), toSql(stepAt)];
}

/** Returns the time in milliseconds until the next step of any canary; undefined if there is no canary. */
export async function untilNextStep(tx: Tx): Promise<number | undefined> {
  const [row] = await tx.query<{ ms: number | null }>({
    text: `
      -- canary.until-next-step
      select (extract(epoch from min(greatest(step_at, coalesce(lease_until, step_at))) - clock_timestamp()) * 1000)::float8 as ms
      from canary`,
  });
  return row?.ms ?? undefined;
}

/**
 * Returns at most 100 open cases that a canary opened and that no run in progress can close.
 * The run has ended, or the canary was deleted.
 */
export function findLeftCases(tx: Tx): Promise<{ readonly id: string; readonly carrier: string }[]> {
  return tx.query({
    text: `
      -- canary.find-left-cases
      select id, carrier from case_record
      where canary_id is not null and status not in ('closed', 'rejected', 'cancelled')
        and not exists (select from canary where canary.id = case_record.canary_id and canary.running)
      limit 100`,
  });
}

/** Returns, for each door, the age of the oldest last success, and how late the latest run is, both in seconds. */
export function readCanaryAges(
  tx: Tx,
): Promise<{ readonly channel: "web" | "mail"; readonly ageSeconds: number; readonly lateSeconds: number }[]> {
  return tx.query({
    text: `
      -- canary.read-ages
      select channel,
        extract(epoch from clock_timestamp() - min(coalesce(acknowledged_at, created_at)))::float8 as "ageSeconds",
        greatest(0, extract(epoch from max(clock_timestamp() - due_at - make_interval(secs => within_ms / 1000.0))))::float8
          as "lateSeconds"
      from canary group by channel`,
  });
}
