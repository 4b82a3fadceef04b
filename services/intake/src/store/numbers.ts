import type { Tx } from "@crossline/postgres";

/** A case, and the telephone numbers without a country code that its carrier recorded on the case. */
export type CaseNumbers = {
  readonly timeline: string;
  readonly openedAt: string;
  readonly caseId: string;
  readonly numbers: readonly string[];
};

/** Returns the carrier's cases after the case `after`, in the order of timeline, opening and id. */
export function listNumbers(
  tx: Tx,
  carrier: string,
  after: CaseNumbers | undefined,
  limit: number,
): Promise<CaseNumbers[]> {
  const { timeline = "", openedAt = "-infinity", caseId = "" } = after ?? {};
  return tx.query({
    text: `
      -- case-record.list-numbers
      select p.timeline, p.opened_at::text as "openedAt", p.case_id as "caseId", array(
          select msisdn from (
            select c.state->'subject'->>'msisdn' from case_record c where c.id = p.case_id and c.carrier = $1
            union select subject->>'msisdn' from contact where case_id = p.case_id and author->>'party' = $1
            union select subject->>'msisdn' from entry
              where case_id = p.case_id and author_party = $1 and audience <> 'internal'
          ) as told (msisdn) where msisdn !~ '^\\s*(\\+|00)') as numbers
      from case_party p
      where p.party = $1 and (p.timeline, p.opened_at, p.case_id) > ($2, $3::timestamptz, $4)
      order by p.timeline, p.opened_at, p.case_id limit $5`,
    values: [carrier, timeline, openedAt, caseId, limit],
  });
}

/**
 * A telephone number of a case. `former` is the hash of the number as intake stored it. `identity` is the hash of the number
 * with the country code.
 */
export type ReadNumber = { readonly caseId: string; readonly former: string; readonly identity: string };

/**
 * Inserts the new identity of each number whose former identity still belongs to the case. The query skips a number that a
 * correction has removed from the case.
 */
export async function insertReadNumbers(tx: Tx, read: readonly ReadNumber[]): Promise<void> {
  if (read.length === 0) return;
  await tx.query({
    text: `
      -- case-identity.insert-read-numbers
      insert into case_identity (timeline, identity, carrier, case_id, of_device)
      select distinct i.timeline, read.identity, i.carrier, i.case_id, i.of_device
      from unnest($1::text[], $2::text[], $3::text[]) as read (case_id, former, identity)
        join case_identity i on i.case_id = read.case_id and i.identity = read.former
      order by 1, 2, 4
      on conflict do nothing`,
    values: [read.map(({ caseId }) => caseId), read.map(({ former }) => former), read.map(({ identity }) => identity)],
  });
}
