import type { KeyHeadFinder, KeyHeadReader } from "@crossline/messaging";

/** Reads the last sequence of each case on the hand-off topic. */
export const readHeads: KeyHeadReader = (tx, after) =>
  tx.query({
    text: `
      -- routing.read-heads
      select case_id as key, (state ->> 'sequence')::bigint as sequence, timeline
      from case_crossing where case_id > $1 order by case_id limit 5000`,
    values: [after],
  });

/** Returns the last sequences of these cases on the hand-off topic. */
export const findHeads: KeyHeadFinder = (tx, keys) =>
  tx.query({
    text: `
      -- routing.find-heads
      select case_id as key, (state ->> 'sequence')::bigint as sequence, timeline
      from case_crossing where case_id = any($1::text[])`,
    values: [keys],
  });
