import type { Tx } from "@crossline/postgres";

/**
 * Saves the ids of open cases in which no clock will fire. If the list is empty, as it normally is, the function runs no statement.
 */
export async function insertClockless(tx: Tx, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length === 0) return;
  await tx.query({
    text: `
      -- timer.insert-clockless
      insert into clockless_case (case_id) select unnest($1::text[]) order by 1 on conflict do nothing`,
    values: [caseIds],
  });
}

/** Returns at most `limit` ids of cases without a clock, the oldest first. */
export async function readClockless(tx: Tx, limit: number): Promise<string[]> {
  const rows = await tx.query<{ caseId: string }>({
    text: `
      -- timer.find-clockless
      select case_id as "caseId" from clockless_case order by since limit $1`,
    values: [limit],
  });
  return rows.map(({ caseId }) => caseId);
}

/** Deletes cases that have a clock again or have ended. */
export async function deleteClockless(tx: Tx, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length === 0) return;
  await tx.query({
    text: `
      -- timer.delete-clockless
      delete from clockless_case where case_id = any($1::text[])`,
    values: [caseIds],
  });
}
