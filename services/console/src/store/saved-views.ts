import type { Instant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

/** A saved view of a company: the parameters of the query of a board, under a name. */
export type SavedViewRow = {
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly savedAt: Instant;
};

/** Lists the saved views of a company by name. */
export function listViews(tx: Tx, party: string): Promise<SavedViewRow[]> {
  return tx.query({
    name: "console.list-views",
    text: `
      -- console.list-views
      select name, query, saved_at as "savedAt" from saved_view where party = $1 order by name`,
    values: [party],
  });
}

/** Finds a saved view of a company. */
export async function findView(tx: Tx, party: string, name: string): Promise<SavedViewRow | undefined> {
  const [row] = await tx.query<SavedViewRow>({
    name: "console.find-view",
    text: `
      -- console.find-view
      select name, query, saved_at as "savedAt" from saved_view where party = $1 and name = $2`,
    values: [party, name],
  });
  return row;
}

/** Locks the views of a company until the transaction ends, because the transaction counts the views. */
export async function lockViews(tx: Tx, party: string): Promise<void> {
  await tx.query({
    text: `
      -- console.lock-views
      select pg_advisory_xact_lock(hashtextextended(current_schema() || '/views/' || $1, 0))`,
    values: [party],
  });
}

/** Counts the views of a company other than `name`. */
export async function countOtherViews(tx: Tx, party: string, name: string): Promise<number> {
  const [row] = await tx.query<{ views: number }>({
    text: `
      -- console.count-other-views
      select count(*)::integer as views from saved_view where party = $1 and name <> $2`,
    values: [party, name],
  });
  return row?.views ?? 0;
}

/** Saves a view. A view with the same name is replaced. */
export async function saveView(
  tx: Tx,
  party: string,
  { name, query }: Pick<SavedViewRow, "name" | "query">,
): Promise<SavedViewRow> {
  const [row] = await tx.query<{ savedAt: Instant }>({
    text: `
      -- console.save-view
      insert into saved_view (party, name, query, saved_at) values ($1, $2, $3::jsonb, clock_timestamp())
      on conflict (party, name) do update set query = excluded.query, saved_at = excluded.saved_at
      returning saved_at as "savedAt"`,
    values: [party, name, JSON.stringify(query)],
  });
  return { name, query, savedAt: row?.savedAt ?? 0 };
}

/** Deletes a view. Returns false if the company has no view with this name. */
export async function deleteView(tx: Tx, party: string, name: string): Promise<boolean> {
  const rows = await tx.query({
    text: `
      -- console.delete-view
      delete from saved_view where party = $1 and name = $2 returning name`,
    values: [party, name],
  });
  return rows.length > 0;
}
