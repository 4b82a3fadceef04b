import { importName } from "@crossline/contracts";
import type { DeleteTimelineRows } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";

/**
 * Deletes at most `rowsMax` cases of a removed import with all their rows. If no case is left, deletes the marks and the line of
 * the import.
 */
export const removeRows: DeleteTimelineRows = async (tx, timeline, rowsMax) => {
  const keys = await removeCases(tx, timeline, rowsMax);
  if (keys.length === rowsMax) return { keys, more: true };
  await removeMarks(tx, timeline);
  return { keys: [...keys, ...(await removeOwnLine(tx, timeline))], more: false };
};

async function removeCases(tx: Tx, timeline: string, rowsMax: number): Promise<string[]> {
  const rows = await tx.query<{ caseId: string }>({
    text: `
      -- console.remove-cases
      with removed as (
        select case_id from board_case where timeline = $1 and starts_with(timeline, 'imp_')
        order by case_id limit $2 for update
      ), facts as (
        delete from fact using removed where fact.case_id = removed.case_id
      ), words as (
        delete from fact_words using removed where fact_words.case_id = removed.case_id
      ), rows as (
        delete from board_row using removed where board_row.case_id = removed.case_id
      ), keys as (
        delete from search_key using removed where search_key.case_id = removed.case_id
      )
      delete from board_case using removed where board_case.case_id = removed.case_id
      returning board_case.case_id as "caseId"`,
    values: [timeline, rowsMax],
  });
  return rows.map(({ caseId }) => caseId);
}

async function removeMarks(tx: Tx, timeline: string): Promise<void> {
  await tx.query({
    text: `
      -- console.remove-marks
      delete from timeline_mark where timeline = $1`,
    values: [timeline],
  });
}

/** Deletes the line of an import. Returns the record keys of the deleted line. */
async function removeOwnLine(tx: Tx, timeline: string): Promise<string[]> {
  const rows = await tx.query<{ key: string }>({
    text: `
      -- console.remove-own-line
      delete from line where name = $1 returning carrier || '/' || name || '@' || version as key`,
    values: [importName(timeline)],
  });
  return rows.map(({ key }) => key);
}
