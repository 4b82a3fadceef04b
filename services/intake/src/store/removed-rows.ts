import { importName } from "@crossline/contracts";
import type { DeleteTimelineRows } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";

/**
 * Deletes a batch of cases of a removed import, with all rows of these cases. After the last batch, also deletes the other rows of the
 * timeline.
 */
export const removeRows: DeleteTimelineRows = async (tx, timeline, rowsMax) => {
  const keys = await removeCases(tx, timeline, rowsMax);
  if (keys.length === rowsMax) return { keys, more: true };
  await removeRest(tx, timeline);
  return { keys: [...keys, ...(await removeOwnLine(tx, timeline))], more: false };
};

async function removeCases(tx: Tx, timeline: string, rowsMax: number): Promise<string[]> {
  const rows = await tx.query<{ id: string }>({
    text: `
      -- intake.remove-cases
      with removed as (
        select id, carrier, opened_at from case_record where timeline = $1 order by id limit $2 for update
      ), contacts as (
        delete from contact using removed where contact.case_id = removed.id
      ), handlings as (
        delete from handling using removed where handling.case_id = removed.id
      ), entries as (
        delete from entry using removed where entry.case_id = removed.id
      ), identities as (
        delete from case_identity using removed where case_identity.case_id = removed.id
      ), parties as (
        delete from case_party using removed
        where (case_party.party, case_party.timeline) = (removed.carrier, $1)
          and (case_party.opened_at, case_party.case_id) = (removed.opened_at, removed.id)
      )
      delete from case_record using removed where case_record.id = removed.id
      returning case_record.id`,
    values: [timeline, rowsMax],
  });
  return rows.map(({ id }) => id);
}

async function removeRest(tx: Tx, timeline: string): Promise<void> {
  await Promise.all(
    ["waiting_contact", "missing_item", "problem", "task", "incident", "incident_candidate", "idempotency"].map(
      (table) =>
        tx.query({
          text: `
        -- intake.remove-from-${table.replaceAll("_", "-")}
        delete from ${table} where timeline = $1 and timeline <> 'wall'`,
          values: [timeline],
        }),
    ),
  );
}

/** Deletes an import's own line, and returns the record keys of the line. */
async function removeOwnLine(tx: Tx, timeline: string): Promise<string[]> {
  const rows = await tx.query<{ key: string }>({
    text: `
      -- intake.remove-own-line
      delete from line where name = $1 returning carrier || '/' || name || '@' || version as key`,
    values: [importName(timeline)],
  });
  return rows.map(({ key }) => key);
}
