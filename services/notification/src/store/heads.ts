import { topics, wall } from "@crossline/contracts";
import type { KeyHeadReader } from "@crossline/messaging";

/** Reads the last sequence of each key on the topic of pages, which has only records of the wall timeline. */
export const readHeads: KeyHeadReader = (tx, after) =>
  tx.query({
    text: `
      -- notification.read-heads
      select key, sequence, $3::text as timeline from fact_sequence
      where topic = $1 and key > $2 order by key limit 5000`,
    values: [topics.page, after, wall],
  });
