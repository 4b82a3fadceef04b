import type { HiddenEntry } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** The place of an internal entry on the case topic, and the company that may read it. */
export type InternalEntry = HiddenEntry & { readonly caseId: string; readonly party: string };

/** Saves the places of internal entries on the case topic. Ignores entries that are already stored. */
export async function insertInternalEntries(tx: Tx, rows: readonly InternalEntry[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: "timer.insert-internal-entries",
    text: `
      -- timer.insert-internal-entries
      insert into internal_entry (case_id, sequence, party, before_at, handoff)
      select * from unnest($1::text[], $2::integer[], $3::text[], $4::timestamptz[], $5::integer[])
      on conflict do nothing`,
    values: [
      rows.map(({ caseId }) => caseId),
      rows.map(({ sequence }) => sequence),
      rows.map(({ party }) => party),
      rows.map(({ beforeAt }) => toSql(beforeAt)),
      rows.map(({ handoff }) => handoff),
    ],
  });
}
