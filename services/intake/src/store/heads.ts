import type { KeyHeadFinder, KeyHeadReader } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";

/**
 * Reads the key heads of the case topic. A key head contains the last sequence of a case, or the last sequence of a timeline's marks
 * and one partition.
 */
export const readHeads: KeyHeadReader = (tx, after, partitions) =>
  tx.query({
    text: `
        -- case.read-heads
        select * from (
          select id as key, (state ->> 'sequence')::bigint as sequence, timeline, null::integer as partition
          from case_record where id > $1
          union all
          select id || '/' || number, marks, id, number from timeline, generate_series(0, $2::integer - 1) as number
          where id || '/' || number > $1
        ) as head order by key limit 5000`,
    values: [after, partitions],
  });

/** Returns the ids of all cases, including cases about which no other service has published a record. */
export async function readCaseIds(tx: Tx): Promise<readonly string[]> {
  const rows = await tx.query<{ id: string }>({ text: "-- case.read-ids\nselect id from case_record" });
  return rows.map(({ id }) => id);
}

/** Returns the last sequences of these cases on the case topic. */
export const findHeads: KeyHeadFinder = (tx, keys) =>
  tx.query({
    text: `
      -- case.find-heads
      select id as key, (state ->> 'sequence')::bigint as sequence, timeline
      from case_record where id = any($1::text[])`,
    values: [keys],
  });
