import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** A promise of a case, with its state at the instant of the query. */
export type PromiseRow = {
  readonly id: string;
  readonly caseId: string;
  readonly number: string;
  readonly promisor: string;
  readonly state: "open" | "broken" | "kept" | "late" | "withdrawn";
  readonly text: string | null;
  readonly from: Instant | null;
  readonly until: Instant;
  readonly purpose: "need-by" | null;
  readonly madeAt: Instant;
  readonly endedAt: Instant | null;
};

/** The place of a promise in the list: the open promises first, in the order of the ends of their windows. */
export type PromisePlace = { readonly isOpen: boolean; readonly until: Instant; readonly id: string };

/** The promises that one company reads. Absent filters select every promise. */
export type PromiseSelection = {
  readonly party: string;
  readonly timeline: string;
  readonly now: Instant;
  readonly state?: readonly string[] | undefined;
  readonly by?: string | undefined;
  readonly dueBefore?: Instant | undefined;
};

/**
 * Returns the promises of a company after a place. A company reads the promises of the cases on its board. A vendor whose part ended
 * reads its own promises that are not delivered or withdrawn, because it can still deliver them.
 */
export function listPromises(
  tx: Tx,
  { party, timeline, now, state, by, dueBefore }: PromiseSelection,
  { after, limit }: { readonly after: PromisePlace | undefined; readonly limit: number },
): Promise<PromiseRow[]> {
  return tx.query({
    name: "console.list-promises",
    text: `
      -- console.list-promises
      with promise as (
        select made.data ->> 'promiseId' as id, made.case_id as "caseId", board_case.state ->> 'carrierCaseId' as number,
          made.data ->> 'promisor' as promisor, made.sequence, (made.data ->> 'from')::timestamptz as "from",
          (made.data ->> 'until')::timestamptz as until, made.data ->> 'for' as purpose, made.at as "madeAt",
          ended.at as "endedAt",
          case
            when ended.type = 'promise.withdrawn' then 'withdrawn'
            when ended.type = 'promise.delivered' and (ended.data ->> 'kept')::boolean then 'kept'
            when ended.type = 'promise.delivered' then 'late'
            when (made.data ->> 'until')::timestamptz < $3::timestamptz then 'broken'
            else 'open'
          end as state
        from fact as made
          join board_case using (case_id)
          left join board_row on party = $1 and board_row.case_id = made.case_id and not is_gone
          left join fact as ended on ended.case_id = made.case_id
            and ended.type in ('promise.delivered', 'promise.withdrawn')
            and ended.data ->> 'promiseId' = made.data ->> 'promiseId'
        where made.type = 'promise.made' and board_case.timeline = $2
          and (party is not null or (made.data ->> 'promisor' = $1 and ended.type is null))
      )
      select id, "caseId", number, promisor, state, words ->> 'text' as text, "from", until, purpose, "madeAt", "endedAt"
      from promise
        left join fact_words on case_id = "caseId" and topic = 'case' and fact_words.sequence = promise.sequence
      where ($4::text[] is null or state = any($4)) and ($5::text is null or promisor = $5)
        and ($6::timestamptz is null or until < $6)
        and (state <> 'open', until, id) > ($7::boolean, $8::timestamptz, $9)
      order by state <> 'open', until, id limit $10`,
    values: [
      party,
      timeline,
      toSql(now),
      state ?? null,
      by ?? null,
      dueBefore === undefined ? null : toSql(dueBefore),
      after === undefined ? false : !after.isOpen,
      toSql(after?.until ?? -Infinity),
      after?.id ?? "",
      limit,
    ],
  });
}
