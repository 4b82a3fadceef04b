import { type CaseState, type CaseView, isEnded } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** One vendor's access to the current case, or only to the ended view. */
export type VendorAccess = { readonly vendor: string; readonly state: CaseState; readonly view?: CaseView | undefined };

/** Saves the case access of vendors. `changes` contains each vendor of a case at most once. */
export async function saveAccess(tx: Tx, changes: readonly VendorAccess[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query({
    name: "case-party.save-sights",
    text: `
      -- case-party.save-sights
      insert into case_party (party, timeline, opened_at, case_id, as_of, over_at)
      select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::json[], $6::timestamptz[])
      on conflict (party, timeline, opened_at, case_id) do update set as_of = excluded.as_of, over_at = excluded.over_at`,
    values: [
      changes.map(({ vendor }) => vendor),
      changes.map(({ state }) => state.timeline),
      changes.map(({ state }) => toSql(state.openedAt)),
      changes.map(({ state }) => state.id),
      changes.map(({ view }) => (view === undefined ? null : JSON.stringify(view))),
      changes.map(({ view }) => (view === undefined ? null : toSql(view.state.lastEventAt))),
    ],
  });
}

/**
 * Returns the value of the column `over_at`: the time of the last event of an ended case, or null for an open case. Lists find
 * cases by the column `over_at`.
 */
export function overAt({ status, lastEventAt }: CaseState): string | null {
  return isEnded(status) ? toSql(lastEventAt) : null;
}

/** Updates the carrier's row of each case that has ended or was reopened. No other change of a case updates the row. */
export async function saveEnds(tx: Tx, before: readonly CaseState[], after: readonly CaseState[]): Promise<void> {
  const endedBefore = new Set(before.filter(({ status }) => isEnded(status)).map(({ id }) => id));
  const changed = after.filter(({ id, status }) => isEnded(status) || endedBefore.has(id));
  if (changed.length === 0) return;
  await tx.query({
    name: "case-party.save-ends",
    text: `
      -- case-party.save-ends
      update case_party set over_at = changed.over_at
      from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::timestamptz[])
        as changed (party, timeline, opened_at, case_id, over_at)
      where case_party.party = changed.party and case_party.timeline = changed.timeline
        and case_party.opened_at = changed.opened_at and case_party.case_id = changed.case_id`,
    values: [
      changed.map(({ carrier }) => carrier),
      changed.map(({ timeline }) => timeline),
      changed.map(({ openedAt }) => toSql(openedAt)),
      changed.map(({ id }) => id),
      changed.map(overAt),
    ],
  });
}
