import { importName } from "@crossline/contracts";
import type { DeleteTimelineRows } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";

const firingsMax = 5_000;

/**
 * Deletes at most `rowsMax` cases and 5,000 firings of a removed import. If no row is left, deletes the findings, marks and line of
 * the import. Tallies stay.
 */
export const removeRows: DeleteTimelineRows = async (tx, timeline, rowsMax) => {
  const [keys, firings] = [await removeCases(tx, timeline, rowsMax), await removeFirings(tx, timeline)];
  if (keys.length === rowsMax || firings === firingsMax) return { keys, more: true };
  await removeRest(tx, timeline);
  return { keys: [...keys, ...(await removeOwnLine(tx, timeline))], more: false };
};

async function removeCases(tx: Tx, timeline: string, rowsMax: number): Promise<string[]> {
  const rows = await tx.query<{ caseId: string }>({
    text: `
      -- auditor.remove-cases
      with removed as (
        select case_id from audited_case where timeline = $1 and starts_with(timeline, 'imp_')
        order by case_id limit $2 for update
      )
      delete from audited_case using removed where audited_case.case_id = removed.case_id
      returning audited_case.case_id as "caseId"`,
    values: [timeline, rowsMax],
  });
  return rows.map(({ caseId }) => caseId);
}

async function removeFirings(tx: Tx, timeline: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>({
    text: `
      -- auditor.remove-firings
      with removed as (
        delete from firing
        where firing_id = any(array(select firing_id from firing where timeline = $1 limit $2)) returning 1
      )
      select count(*) as count from removed`,
    values: [timeline, firingsMax],
  });
  return row?.count ?? 0;
}

async function removeRest(tx: Tx, timeline: string): Promise<void> {
  await Promise.all([
    tx.query({
      text: `
        -- auditor.remove-findings
        delete from finding where timeline = $1`,
      values: [timeline],
    }),
    tx.query({
      text: `
        -- auditor.remove-marks
        delete from timeline_mark where timeline = $1`,
      values: [timeline],
    }),
  ]);
}

/** Deletes the line of an import. Returns the record keys of the deleted line. */
async function removeOwnLine(tx: Tx, timeline: string): Promise<string[]> {
  const rows = await tx.query<{ key: string }>({
    text: `
      -- auditor.remove-own-line
      delete from line where name = $1 returning carrier || '/' || name || '@' || version as key`,
    values: [importName(timeline)],
  });
  return rows.map(({ key }) => key);
}
