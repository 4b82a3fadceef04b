import { type Instant, formatInstant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** The number of one party's promises by outcome, on the cases that the caller may read. */
export type PromiseCounts = {
  readonly promisor: string;
  readonly kept: number;
  readonly late: number;
  /** The promises that are not delivered after the end of their window. */
  readonly broken: number;
  readonly open: number;
  readonly withdrawn: number;
};

/**
 * Counts promises by promisor. It reads the cases themselves, so that no separate count can differ from them. For a former vendor it
 * counts the vendor's own promises as they are, and all others as of the ended view.
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
      where p.party = $1 and p.timeline = $2
      group by 1 order by 1`,
    values: [party, timeline, formatInstant(now)],
  });
}
