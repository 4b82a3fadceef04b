import type { CrossingAccessChange } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";

/** Saves changes of vendors' case access. If the list has several changes for a vendor and a case, the last change counts. */
export async function saveAccessChanges(tx: Tx, changes: readonly CrossingAccessChange[]): Promise<void> {
  if (changes.length === 0) return;
  const last = [...new Map(changes.map((change) => [`${change.caseId} ${change.vendor}`, change])).values()];
  const ended = last.filter(({ view }) => view !== undefined);
  await Promise.all([
    insertViews(tx, ended),
    deleteViews(
      tx,
      last.filter(({ view }) => view === undefined),
    ),
  ]);
}

async function insertViews(tx: Tx, ended: readonly CrossingAccessChange[]): Promise<void> {
  if (ended.length === 0) return;
  await tx.query({
    name: "routing.insert-views",
    text: `
      -- routing.insert-views
      insert into case_view (case_id, vendor, as_of)
      select case_id, vendor, as_of from unnest($1::text[], $2::text[], $3::json[]) as ended (case_id, vendor, as_of)
      order by case_id, vendor
      on conflict (case_id, vendor) do update set as_of = excluded.as_of`,
    values: [
      ended.map(({ caseId }) => caseId),
      ended.map(({ vendor }) => vendor),
      ended.map(({ view }) => JSON.stringify(view)),
    ],
  });
}

async function deleteViews(tx: Tx, begun: readonly CrossingAccessChange[]): Promise<void> {
  if (begun.length === 0) return;
  await tx.query({
    name: "routing.delete-views",
    text: `
      -- routing.delete-views
      delete from case_view using unnest($1::text[], $2::text[]) as begun (case_id, vendor)
      where case_view.case_id = begun.case_id and case_view.vendor = begun.vendor`,
    values: [begun.map(({ caseId }) => caseId), begun.map(({ vendor }) => vendor)],
  });
}
