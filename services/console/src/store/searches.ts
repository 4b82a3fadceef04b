import type { Tx } from "@crossline/postgres";
import { type TitledRow, withTitle } from "./board-pages.ts";

/** A search of one company in its rows. A case is found by any of the keys, or by the words of its title. */
export type Search = {
  readonly party: string;
  readonly timeline: string;
  readonly keys: readonly string[];
  readonly words: string;
  readonly limit: number;
};

/** Returns the rows that a search finds: those of a key first, then the newest first. Ended cases are found too. */
export function search(tx: Tx, { party, timeline, keys, words, limit }: Search): Promise<TitledRow[]> {
  return tx.query({
    text: `
      -- console.search
      with found as (
        select case_id, true as by_key from search_key where key = any($3::text[])
        union all
        select fact_words.case_id, false from fact_words
        join board_case on board_case.case_id = fact_words.case_id and board_case.titled_by = fact_words.sequence
        where topic = 'case' and words ? 'title'
          and to_tsvector('simple', words ->> 'title') @@ plainto_tsquery('simple', $4)
      ), rows as (
        select board_row.case_id, content, position, opened_at, bool_or(by_key) as by_key
        from found join board_row using (case_id)
        where party = $1 and board_row.timeline = $2 and not is_gone
        group by board_row.party, board_row.case_id
        order by bool_or(by_key) desc, opened_at desc limit $5
      )
      select rows.case_id as "caseId", content, position, words ->> 'title' as title
      from rows ${withTitle}
      order by by_key desc, opened_at desc`,
    values: [party, timeline, keys, words, limit],
  });
}
