import type { KeyHeadReader } from "@crossline/messaging";

/** Reads the last sequence of each case on the hand-off topic. */
export const readHeads: KeyHeadReader = (tx, after) =>
  tx.query({
    text: `
      -- routing.read-heads
      select case_id as key, (state ->> 'sequence')::bigint as sequence, timeline
      from case_crossing where case_id > $1 order by case_id limit 5000`,
    values: [after],
  });
