import { topics, wall } from "@crossline/contracts";
import type { KeyHeadReader } from "@crossline/messaging";

/** Reads the last sequence of each key on the topic of pages, which has only records of the wall timeline. */
export const readPageHeads: KeyHeadReader = (tx, after) =>
  tx.query({
    text: `
      -- notification.read-page-heads
      select key, sequence, $3::text as timeline from fact_sequence
      where topic = $1 and key > $2 order by key limit 5000`,
    values: [topics.page, after, wall],
  });

/** Reads the last sequence of each case on the topic of mails. The case's record has its timeline. */
export const readMailHeads: KeyHeadReader = (tx, after) =>
  tx.query({
    text: `
      -- notification.read-mail-heads
      select key, sequence, coalesce(timeline, $3::text) as timeline
      from fact_sequence left join case_record on case_id = key
      where topic = $1 and key > $2 order by key limit 5000`,
    values: [topics.mail, after, wall],
  });
