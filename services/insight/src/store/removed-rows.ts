import type { DeleteTimelineRows } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";

/**
 * Deletes at most `rowsMax` cases of a removed import with all their rows. If no case is left, deletes the marks of the import. The
 * cases of an import never cross, but a deletion of all their rows needs no such knowledge.
 */
export const removeRows: DeleteTimelineRows = async (tx, timeline, rowsMax) => {
  const keys = await removeCases(tx, timeline, rowsMax);
  if (keys.length === rowsMax) return { keys, more: true };
  await removeMarks(tx, timeline);
  return { keys, more: false };
};

async function removeCases(tx: Tx, timeline: string, rowsMax: number): Promise<string[]> {
  const rows = await tx.query<{ caseId: string }>({
    text: `
      -- insight.remove-cases
      with removed as (
        select case_id from reported_case where timeline = $1 and starts_with(timeline, 'imp_')
        order by case_id limit $2 for update
      ), changes as (
        delete from holder_change using removed where holder_change.case_id = removed.case_id
      ), former as (
        delete from former_device using removed where former_device.case_id = removed.case_id
      ), crossings as (
        delete from crossing using removed where crossing.case_id = removed.case_id
      ), assignments as (
        delete from assignment using removed where assignment.case_id = removed.case_id
      ), promises as (
        delete from promise using removed where promise.case_id = removed.case_id
      )
      delete from reported_case using removed where reported_case.case_id = removed.case_id
      returning reported_case.case_id as "caseId"`,
    values: [timeline, rowsMax],
  });
  return rows.map(({ caseId }) => caseId);
}

async function removeMarks(tx: Tx, timeline: string): Promise<void> {
  await tx.query({
    text: `
      -- insight.remove-marks
      delete from timeline_mark where timeline = $1`,
    values: [timeline],
  });
}
