import type { Tx } from "@crossline/postgres";

/** The sequence of an internal entry on the case topic, and the company that may read the entry. */
export type InternalEntry = { readonly caseId: string; readonly sequence: number; readonly party: string };

export async function insertInternalEntries(tx: Tx, rows: readonly InternalEntry[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: "notification.insert-internal-entries",
    text: `
      -- notification.insert-internal-entries
      insert into internal_entry (case_id, sequence, party)
      select * from unnest($1::text[], $2::integer[], $3::text[]) order by 1, 2
      on conflict do nothing`,
    values: [rows.map(({ caseId }) => caseId), rows.map(({ sequence }) => sequence), rows.map(({ party }) => party)],
  });
}
