import { type Tx, toSql } from "@crossline/postgres";
import type { CasePlace } from "./case-lists.ts";
import type { ReadCase } from "./cases.ts";

/** The linked cases of a change that a party may read. */
export type ChangedCases = { readonly changeId: string; readonly timeline: string; readonly party: string };

/**
 * SQL for the linked cases that the party may read. A former vendor reads the case as of the end of its part, so a later link does not
 * show it the case.
 */
const readable = `
      select l.opened_at, l.case_id, p.as_of from change_case l
        join case_party p on p.party = $3 and p.timeline = $2 and p.opened_at = l.opened_at and p.case_id = l.case_id
      where l.change_id = $1 and (p.as_of is null
        or (p.as_of->'state'->'linkedChanges')::jsonb @> jsonb_build_array(jsonb_build_object('changeId', $1::text)))`;

/** Returns the linked cases that a party may read, newest first. */
export function listChangedCases(
  tx: Tx,
  { changeId, timeline, party }: ChangedCases,
  { before, limit }: { readonly before: CasePlace | undefined; readonly limit: number },
): Promise<ReadCase[]> {
  return tx.query({
    text: `
      -- change-case.list
      select c.state, p.as_of as "asOf", t.mark, clock_timestamp() as now, false as gap
      from (
        ${readable} and (l.opened_at, l.case_id) < ($4::timestamptz, $5)
        order by l.opened_at desc, l.case_id desc limit $6
      ) as p join case_record c on c.id = p.case_id left join timeline t on t.id = c.timeline
      order by p.opened_at desc, p.case_id desc`,
    values: [changeId, timeline, party, toSql(before?.openedAt ?? Infinity), before?.id ?? "", limit],
  });
}

/** Counts the linked cases that a party may read. */
export async function countChangedCases(tx: Tx, { changeId, timeline, party }: ChangedCases): Promise<number> {
  const [row] = await tx.query<{ count: number }>({
    text: `
      -- change-case.count
      select count(*) as count from (${readable}) as readable`,
    values: [changeId, timeline, party],
  });
  return row?.count ?? 0;
}
