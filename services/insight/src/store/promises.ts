import type { Instant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { sqlOf } from "./optional-instant.ts";

/** A change of a promise. A missing value changes nothing. */
export type PromiseChange = {
  readonly promiseId: string;
  readonly caseId: string;
  readonly promisor: string;
  readonly madeAt?: Instant;
  readonly until?: Instant;
  readonly deliveredAt?: Instant;
  readonly withdrawnAt?: Instant;
  readonly isKept?: boolean;
};

/** Saves the changes of promises, in the order of their ids, at most one for each promise. */
export async function savePromises(tx: Tx, changes: readonly PromiseChange[]): Promise<void> {
  if (changes.length === 0) return;
  const instants = (pick: (change: PromiseChange) => Instant | undefined) => changes.map((one) => sqlOf(pick(one)));
  await tx.query({
    name: "insight.save-promises",
    text: `
      -- insight.save-promises
      insert into promise as p (promise_id, case_id, promisor, is_kept, made_at, until, delivered_at, withdrawn_at)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::timestamptz[], $6::timestamptz[],
        $7::timestamptz[], $8::timestamptz[])
      on conflict (promise_id) do update set
        is_kept = coalesce(excluded.is_kept, p.is_kept), made_at = coalesce(excluded.made_at, p.made_at),
        until = coalesce(excluded.until, p.until), delivered_at = coalesce(excluded.delivered_at, p.delivered_at),
        withdrawn_at = coalesce(excluded.withdrawn_at, p.withdrawn_at)`,
    values: [
      changes.map(({ promiseId }) => promiseId),
      changes.map(({ caseId }) => caseId),
      changes.map(({ promisor }) => promisor),
      changes.map(({ isKept }) => isKept ?? null),
      instants(({ madeAt }) => madeAt),
      instants(({ until }) => until),
      instants(({ deliveredAt }) => deliveredAt),
      instants(({ withdrawnAt }) => withdrawnAt),
    ],
  });
}
