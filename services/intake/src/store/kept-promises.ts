import { type Instant, formatInstant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** Counts one party's promises by outcome, in the cases that the caller may read. */
export type PromiseCounts = {
  readonly promisor: string;
  readonly kept: number;
  readonly late: number;
  /** The promises whose window has ended without a delivery. */
  readonly broken: number;
  readonly open: number;
  readonly withdrawn: number;
};

/**
 * Counts promises by the party that made them. The query reads the cases, because a separately stored count could differ from the
 * cases. For a former vendor, the query counts the vendor's own promises in their current state, and all other promises as of the ended
 * view. The query leaves out the cases of canaries.
 */
export function countPromises(
  tx: Tx,
  { party, timeline, now }: { readonly party: string; readonly timeline: string; readonly now: Instant },
): Promise<PromiseCounts[]> {
  return tx.query({
    text: `
      -- case-record.count-kept
      select promise->>'promisor' as promisor,
        count(*) filter (where promise->>'state' = 'kept') as kept,
        count(*) filter (where promise->>'state' = 'late') as late,
        count(*) filter (where promise->>'state' = 'open' and (promise->>'until')::timestamptz < seen.now) as broken,
        count(*) filter (where promise->>'state' = 'open' and (promise->>'until')::timestamptz >= seen.now) as open,
        count(*) filter (where promise->>'state' = 'withdrawn') as withdrawn
      from case_party p join case_record c on c.id = p.case_id
        cross join lateral (
          select promise, $3::timestamptz as now from json_array_elements(c.state->'promises') as promise
          where p.as_of is null or promise->>'promisor' = $1
          union all
          select promise, to_timestamp((p.as_of->>'at')::bigint / 1000.0)
          from json_array_elements(p.as_of->'state'->'promises') as promise where promise->>'promisor' <> $1
        ) as seen
      where p.party = $1 and p.timeline = $2 and c.canary_id is null
      group by 1 order by 1`,
    values: [party, timeline, formatInstant(now)],
  });
}
