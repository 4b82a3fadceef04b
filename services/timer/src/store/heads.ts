import type { KeyHeadFinder, KeyHeadReader } from "@crossline/messaging";

/** Returns the last sequence of each case on the clock topic. */
export const readHeads: KeyHeadReader = (tx, after) =>
  tx.query({
    text: `
      -- timer.read-heads
      select case_id as key, coalesce(state ->> 2, state ->> 'sequence')::bigint as sequence, timeline
      from case_clock where case_id > $1 order by case_id limit 5000`,
    values: [after],
  });

/** Returns the last sequences of these cases on the clock topic. */
export const findHeads: KeyHeadFinder = (tx, keys) =>
  tx.query({
    text: `
      -- timer.find-heads
      select case_id as key, coalesce(state ->> 2, state ->> 'sequence')::bigint as sequence, timeline
      from case_clock where case_id = any($1::text[])`,
    values: [keys],
  });
