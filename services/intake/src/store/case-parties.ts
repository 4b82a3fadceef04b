import type { CaseStatus, Instant } from "@crossline/contracts";
import type { CaseState, CaseView } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import type { ReadCase } from "./cases.ts";

/** A vendor reads the case as it is from now on, or the view of its end. */
export type CaseSight = { readonly vendor: string; readonly state: CaseState; readonly view?: CaseView | undefined };

/** Writes the vendors' sights of cases: each vendor of a case at most once. */
export async function saveSights(tx: Tx, sights: readonly CaseSight[]): Promise<void> {
  if (sights.length === 0) return;
  await tx.query({
    name: "case-party.save-sights",
    text: `
      -- case-party.save-sights
      insert into case_party (party, timeline, opened_at, case_id, as_of)
      select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::json[])
      on conflict (party, timeline, opened_at, case_id) do update set as_of = excluded.as_of`,
    values: [
      sights.map(({ vendor }) => vendor),
      sights.map(({ state }) => state.timeline),
      sights.map(({ state }) => toSql(state.openedAt)),
      sights.map(({ state }) => state.id),
      sights.map(({ view }) => (view === undefined ? null : JSON.stringify(view))),
    ],
  });
}

/** Where a page of cases ended. */
export type CasePlace = { readonly openedAt: Instant; readonly id: string };

export type CaseFilter = {
  readonly party: string;
  readonly timeline: string;
  readonly status?: CaseStatus | undefined;
  readonly carrierCaseId?: string | undefined;
  readonly line?: string | undefined;
  readonly before?: CasePlace | undefined;
  readonly limit: number;
};

/**
 * The cases that a party may read, newest first; what is opened meanwhile comes before the first page and moves nothing. A case that
 * a vendor reads as of its end is found by what it was then.
 */
export function listCases(
  tx: Tx,
  { party, timeline, status, carrierCaseId, line, before, limit }: CaseFilter,
): Promise<ReadCase[]> {
  return tx.query({
    text: `
      -- case-party.list
      select c.state, p.as_of as "asOf", t.mark, clock_timestamp() as now
      from case_party p join case_record c on c.id = p.case_id left join timeline t on t.id = p.timeline
      where p.party = $1 and p.timeline = $2
        and ($3::text is null or case when p.as_of is null then c.status else p.as_of->'state'->>'status' end = $3)
        and ($4::text is null or c.carrier_case_id = $4)
        and ($8::text is null or coalesce(p.as_of->'state', c.state)->'line'->>'name' = $8)
        and ($5::timestamptz is null or (p.opened_at, p.case_id) < ($5::timestamptz, $6::text))
      order by p.opened_at desc, p.case_id desc
      limit $7`,
    values: [
      party,
      timeline,
      status,
      carrierCaseId,
      before === undefined ? undefined : toSql(before.openedAt),
      before?.id,
      limit,
      line,
    ],
  });
}
