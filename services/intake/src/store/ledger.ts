import { type Instant, type TriedStep, formatInstant } from "@crossline/contracts";
import type { LedgerEntry } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";

/** A step that is about to be written down: on which case, by whom, and by which key the ledger has it. */
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
 * The last time that each of these was tried on the device: by the case's own people, or on another case of the same carrier,
 * which its people alone hear of. Internal entries are their author's company's. Positions in the list given.
 */
export async function findLastAttempts(
  tx: Tx,
  trying: readonly StepAttempt[],
): Promise<ReadonlyMap<number, LedgerEntry>> {
  if (trying.length === 0) return new Map();
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
    values: [trying.map((t) => t.caseId), trying.map((t) => t.party), trying.map((t) => t.stepKey)],
  });
  return new Map(
    rows.map(({ position, person, at, ...tried }) => [
      position,
      { ...tried, at: formatInstant(at), ...(person !== null && { person }) },
    ]),
  );
}
