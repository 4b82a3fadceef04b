import { importName } from "@crossline/contracts";
import type { DeleteTimelineRows } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";

/**
 * Deletes at most `rowsMax` cases of a removed import with all their rows. If no case is left, deletes the marks and the line of the
 * import.
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
      -- timer.remove-cases
      with removed as (
        select case_id from case_clock where timeline = $1 and starts_with(timeline, 'imp_')
        order by case_id limit $2 for update
      ), parties as (
        delete from case_party using removed where case_party.case_id = removed.case_id
      ), clockless as (
        delete from clockless_case using removed where clockless_case.case_id = removed.case_id
      ), entries as (
        delete from internal_entry using removed where internal_entry.case_id = removed.case_id
      )
      delete from case_clock using removed where case_clock.case_id = removed.case_id
      returning case_clock.case_id as "caseId"`,
    values: [timeline, rowsMax],
  });
  return rows.map(({ caseId }) => caseId);
}

async function removeMarks(tx: Tx, timeline: string): Promise<void> {
  await tx.query({
    text: `
      -- timer.remove-marks
      delete from timeline_mark where timeline = $1`,
    values: [timeline],
  });
}

/** Deletes the line of an import. Returns the record keys of the deleted line. */
async function removeOwnLine(tx: Tx, timeline: string): Promise<string[]> {
  const rows = await tx.query<{ key: string }>({
    text: `
      -- timer.remove-own-line
      delete from line where name = $1 returning carrier || '/' || name || '@' || version as key`,
    values: [importName(timeline)],
  });
  return rows.map(({ key }) => key);
}
