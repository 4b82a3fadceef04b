import type { Tx } from "@crossline/postgres";

/** Lets vendors see the cases that were offered to them, from now on. */
export async function insertParties(
  tx: Tx,
  offered: readonly { readonly caseId: string; readonly party: string }[],
): Promise<void> {
  if (offered.length === 0) return;
  await tx.query({
    name: "timer.insert-parties",
    text: `
      -- timer.insert-parties
      insert into case_party (case_id, party)
      select distinct case_id, party from unnest($1::text[], $2::text[]) as offered (case_id, party)
      order by case_id, party
      on conflict do nothing`,
    values: [offered.map(({ caseId }) => caseId), offered.map(({ party }) => party)],
  });
}
