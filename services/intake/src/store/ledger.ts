import { type Instant, type TriedStep, formatInstant } from "@crossline/contracts";
import type { LedgerEntry } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";

/** A tried step that a party reports on a case. `stepKey` is the key of the tried step in the ledger. */
export type StepAttempt = { readonly caseId: string; readonly party: string; readonly stepKey: string };

type Row = {
  readonly position: number;
  readonly entryId: string;
  readonly caseId: string;
  readonly party: string;
  readonly person: string | null;
  readonly at: Instant;
  readonly outcome: TriedStep["outcome"];
};

/**
 * Maps each index in `attempts` to the last earlier tried step with the same key. The query reads the entries of the case on which the
 * party reports the tried step. If the carrier reports the tried step, the query also reads the carrier's other cases of the device.
 * The query reads an internal entry only if the entry belongs to the reporting company.
 */
export async function findLastAttempts(
  tx: Tx,
  attempts: readonly StepAttempt[],
): Promise<ReadonlyMap<number, LedgerEntry>> {
  if (attempts.length === 0) return new Map();
  const rows = await tx.query<Row>({
    name: "entry.find-tried",
    text: `
      -- entry.find-tried
      select position - 1 as position, last.*
      from unnest($1::text[], $2::text[], $3::text[]) with ordinality as wanted (case_id, party, step_key, position)
        join case_record c on c.id = wanted.case_id
        cross join lateral (
          select e.id as "entryId", e.case_id as "caseId", e.author_party as party, e.author->>'person' as person, e.at,
            e.step->>'outcome' as outcome
          from entry e
          where e.step_key = wanted.step_key
            and (e.case_id = wanted.case_id or wanted.party = c.carrier and e.case_id in (
              select other.case_id from case_identity own
                join case_identity other using (timeline, identity, carrier)
              where own.case_id = wanted.case_id and own.of_device))
            and (e.audience <> 'internal' or e.author_party = wanted.party)
          order by e.at desc limit 1
        ) as last`,
    values: [attempts.map((a) => a.caseId), attempts.map((a) => a.party), attempts.map((a) => a.stepKey)],
  });
  return new Map(
    rows.map(({ position, person, at, ...attempt }) => [
      position,
      { ...attempt, at: formatInstant(at), ...(person !== null && { person }) },
    ]),
  );
}
