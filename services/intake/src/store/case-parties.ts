import type { CaseStatus, Instant } from "@crossline/contracts";
import type { CaseState } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** Lets vendors see cases from now on. */
export async function insertCaseParties(
  tx: Tx,
  seen: readonly { readonly party: string; readonly state: CaseState }[],
): Promise<void> {
  if (seen.length === 0) return;
  await tx.query({
    name: "case-party.insert",
    text: `
      -- case-party.insert
      insert into case_party (party, timeline, opened_at, case_id)
      select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[]) on conflict do nothing`,
    values: [
      seen.map(({ party }) => party),
      seen.map(({ state }) => state.timeline),
      seen.map(({ state }) => toSql(state.openedAt)),
      seen.map(({ state }) => state.id),
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

/** The cases that a party may see, newest first; what is opened meanwhile comes before the first page and moves nothing. */
export function listCases(
  tx: Tx,
  { party, timeline, status, carrierCaseId, line, before, limit }: CaseFilter,
): Promise<{ state: CaseState; mark: Instant | null; now: Instant }[]> {
  return tx.query({
    text: `
      -- case-party.list
      select c.state, t.mark, clock_timestamp() as now
      from case_party p join case_record c on c.id = p.case_id left join timeline t on t.id = p.timeline
      where p.party = $1 and p.timeline = $2
        and ($3::text is null or c.status = $3)
        and ($4::text is null or c.carrier_case_id = $4)
        and ($8::text is null or c.state->'line'->>'name' = $8)
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
