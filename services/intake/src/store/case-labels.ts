import type { CaseStatus } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** The words by which the people of a carrier know a case, and its status. */
export type CaseLabel = { readonly carrierCaseId: string; readonly title: string; readonly status: CaseStatus };

/** Returns the labels of cases of a carrier, by the ids of the cases. Ids of other cases have no label. */
export async function findCaseLabels(
  tx: Tx,
  carrier: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CaseLabel>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<CaseLabel & { id: string }>({
    text: `
      -- case.labels
      select id, carrier_case_id as "carrierCaseId", state->>'title' as title, status
      from case_record where id = any($1::text[]) and carrier = $2`,
    values: [ids, carrier],
  });
  return new Map(rows.map(({ id, ...label }) => [id, label]));
}
