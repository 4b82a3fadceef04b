import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** Two cases are similar if they have the same carrier, timeline, case kind, symptom and model. */
export type SimilarityQuery = {
  readonly timeline: string;
  readonly carrier: string;
  readonly kind: string;
  readonly symptom?: string | undefined;
  readonly device?: { readonly model?: string | undefined } | undefined;
  readonly since: Instant;
};

/** Returns the opening times of the 100 newest similar cases that are open, oldest first, without cases of canaries. */
export async function findSimilarOpenings(
  tx: Tx,
  { timeline, carrier, kind, symptom, device, since }: SimilarityQuery,
): Promise<Instant[]> {
  const rows = await tx.query<{ openedAt: Instant }>({
    text: `
      -- case-record.find-alike
      select c.opened_at as "openedAt"
      from case_party p join case_record c on c.id = p.case_id
      where p.party = $2 and p.timeline = $1 and p.opened_at >= $6::timestamptz and c.carrier = $2 and c.canary_id is null
        and c.status not in ('closed', 'rejected', 'cancelled')
        and c.state->>'kind' = $3 and c.state->>'symptom' is not distinct from $4
        and c.state->'device'->>'model' is not distinct from $5
      order by p.opened_at desc limit 100`,
    values: [timeline, carrier, kind, symptom ?? null, device?.model ?? null, toSql(since)],
  });
  return rows.map(({ openedAt }) => openedAt).toReversed();
}
