import type { Tx } from "@crossline/postgres";
import type { StoredView } from "./stored-access.ts";

/**
 * A vendor's access to the clocks of a case. If `view` is absent, the vendor reads the current clocks. `view` contains the clocks at
 * the end of the vendor's last part.
 */
export type VendorAccess = { readonly caseId: string; readonly vendor: string; readonly view?: StoredView };

/**
 * Saves changes of vendors' access. If the list has several changes for the same vendor and case, saves only the last of these
 * changes.
 */
export async function saveParties(tx: Tx, changes: readonly VendorAccess[]): Promise<void> {
  if (changes.length === 0) return;
  const last = [...new Map(changes.map((change) => [`${change.caseId} ${change.vendor}`, change])).values()];
  await tx.query({
    name: "timer.save-parties",
    text: `
      -- timer.save-parties
      insert into case_party (case_id, party, as_of)
      select case_id, party, as_of from unnest($1::text[], $2::text[], $3::json[]) as sight (case_id, party, as_of)
      order by case_id, party
      on conflict (case_id, party) do update set as_of = excluded.as_of`,
    values: [
      last.map(({ caseId }) => caseId),
      last.map(({ vendor }) => vendor),
      last.map(({ view }) => (view === undefined ? null : JSON.stringify(view))),
    ],
  });
}
