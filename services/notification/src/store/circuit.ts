import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

export type Circuit = { readonly target: string; readonly failures: number; readonly openUntil: Instant };

/**
 * Locks the circuits of these targets, and returns the number of consecutive failures by target. The result omits a target
 * without failures.
 */
export async function lockFailures(tx: Tx, targets: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ target: string; failures: number }>({
    name: "notification.lock-circuits",
    text: `
      -- notification.lock-circuits
      select target, failures from circuit where target = any($1::text[]) order by target for update`,
    values: [targets],
  });
  return new Map(rows.map(({ target, failures }) => [target, failures]));
}

export async function saveCircuits(tx: Tx, circuits: readonly Circuit[]): Promise<void> {
  await tx.query({
    name: "notification.save-circuits",
    text: `
      -- notification.save-circuits
      insert into circuit (target, failures, open_until)
      select * from unnest($1::text[], $2::integer[], $3::timestamptz[]) order by 1
      on conflict (target) do update set failures = excluded.failures, open_until = excluded.open_until`,
    values: [
      circuits.map(({ target }) => target),
      circuits.map(({ failures }) => failures),
      circuits.map(({ openUntil }) => toSql(openUntil)),
    ],
  });
}

/** Closes the circuits of these targets, whose receivers work again. */
export async function closeCircuits(tx: Tx, targets: readonly string[]): Promise<void> {
  await tx.query({
    name: "notification.close-circuits",
    text: `
      -- notification.close-circuits
      delete from circuit where target = any($1::text[])`,
    values: [targets],
  });
}

/**
 * Deletes circuits whose open time ended more than a day ago, because their subscriptions were deleted or no longer match any
 * event.
 */
export async function deleteStaleCircuits(tx: Tx): Promise<void> {
  await tx.query({
    text: `
      -- notification.delete-stale-circuits
      delete from circuit where open_until < clock_timestamp() - interval '1 day'`,
  });
}
