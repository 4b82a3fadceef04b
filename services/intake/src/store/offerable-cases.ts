import type { CaseState, ProblemScope } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";

/** The number of cases that one task examines. */
export const offersPerTask = 200;

/** The cases that may get the workaround of a problem. `after` is the last case of the previous task. */
type OfferQuery = {
  readonly carrier: string;
  readonly timeline: string;
  readonly scope: ProblemScope;
  readonly problemId: string;
  readonly after: string | undefined;
};

/**
 * Returns the next unsolved cases that may be in a scope, ordered by id, and the unsolved cases that are linked to the problem. The caller
 * checks the scope again, because only the domain knows which items a case lacks.
 */
export async function findOfferable(
  tx: Tx,
  { carrier, timeline, scope, problemId, after }: OfferQuery,
): Promise<CaseState[]> {
  const symptom = scope.is === "symptom" ? scope.symptom : null;
  const [kind, channel] = scope.is === "missing-item" ? [scope.kind, scope.channel] : [null, null];
  const rows = await tx.query<{ state: CaseState }>({
    text: `
      -- case-record.find-offerable
      select c.state from case_record c
      where c.carrier = $1 and c.timeline = $2 and c.id > $3 and c.canary_id is null
        and c.status not in ('resolved', 'closed', 'rejected', 'cancelled')
        and ($4::text is null or c.state->>'symptom' = $4)
        and ($5::text is null or (c.state->>'kind' = $5 and c.state->>'channel' = $6))
        and ($4::text is not null or $5::text is not null
          or c.id in (select case_id from problem_case where problem_id = $7 and role = 'linked'))
      order by c.id limit $8`,
    values: [carrier, timeline, after ?? "", symptom, kind, channel, problemId, offersPerTask],
  });
  return rows.map(({ state }) => state);
}
