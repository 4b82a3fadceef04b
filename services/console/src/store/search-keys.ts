import type { Tx } from "@crossline/postgres";

/** A text by which a search finds a case. */
export type SearchKey = { readonly caseId: string; readonly key: string };

/** Saves search keys; an existing key stays. */
export async function insertSearchKeys(tx: Tx, keys: readonly SearchKey[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.query({
    name: "console.insert-search-keys",
    text: `
      -- console.insert-search-keys
      insert into search_key (case_id, key)
      select distinct case_id, key from unnest($1::text[], $2::text[]) as new (case_id, key) order by 2, 1
      on conflict do nothing`,
    values: [keys.map(({ caseId }) => caseId), keys.map(({ key }) => key)],
  });
}
