import type { CaseCrossing, CrossingView } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";

/**
 * Locks the cases in the order of their ids until the transaction ends, and returns their states. The result omits cases that do
 * not exist.
 */
export async function lockCases(tx: Tx, caseIds: readonly string[]): Promise<CaseCrossing[]> {
  const rows = await tx.query<{ state: CaseCrossing }>({
    name: "routing.lock-cases",
    text: `
      -- routing.lock-cases
      select state from case_crossing where case_id = any($1::text[]) order by case_id for update`,
    values: [caseIds],
  });
  return rows.map(({ state }) => state);
}

/** The current state of a case. `asOf` is the case as a former vendor reads it. */
export type CaseRow = { readonly state: CaseCrossing; readonly asOf: CrossingView | null };

export async function findCase(tx: Tx, caseId: string, vendor: string): Promise<CaseRow | undefined> {
  const [row] = await tx.query<CaseRow>({
    name: "routing.find-case",
    text: `
      -- routing.find-case
      select state, (select as_of from case_view where case_view.case_id = $1 and vendor = $2) as "asOf"
      from case_crossing where case_id = $1`,
    values: [caseId, vendor],
  });
  return row;
}

/** Saves new cases and changed cases. The transaction must hold the locks of the changed cases. */
export async function saveCases(tx: Tx, states: readonly CaseCrossing[]): Promise<void> {
  if (states.length === 0) return;
  await tx.query({
    name: "routing.save-cases",
    // One text parameter contains all states, one state per row. In a text[] Postgres would escape and unescape every quote of
    // the JSON.
    text: `
      -- routing.save-cases
      insert into case_crossing (case_id, timeline, carrier, state)
      select case_id, timeline, carrier, state::json
      from unnest($1::text[], $2::text[], $3::text[], string_to_array($4, E'\\n')) as saved (case_id, timeline, carrier, state)
      order by case_id
      on conflict (case_id) do update set state = excluded.state`,
    values: [
      states.map(({ caseId }) => caseId),
      states.map(({ timeline }) => timeline),
      states.map(({ carrier }) => carrier),
      states.map((state) => JSON.stringify(state)).join("\n"),
    ],
  });
}
