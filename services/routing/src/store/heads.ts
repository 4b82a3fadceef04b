import type { KeyHeadReader } from "@crossline/messaging";

/** The last sequences on the topic of hand-offs. */
export const readHeads: KeyHeadReader = (tx, after) =>
  tx.query({
    text: `
      -- routing.read-heads
      select case_id as key, (state ->> 'sequence')::bigint as sequence, timeline
      from case_crossing where case_id > $1 order by case_id limit 5000`,
    values: [after],
  });
