import { type Instant, formatInstant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** One party's promises by their outcome, on the cases that the asking party may read. */
export type PromiseCounts = {
  readonly promisor: string;
  readonly kept: number;
  readonly late: number;
  /** Not delivered, and the window is over. */
  readonly broken: number;
  readonly open: number;
  readonly withdrawn: number;
};

/**
 * Counts promises by their promisors. Read from the cases, which their events made: nothing is counted twice or kept apart. A vendor whose
 * part has ended counts its own promises as they are, and the others as they were then.
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
