import type { BoardCase } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";

/** Returns the cases, in any order. No lock is necessary, because one process at a time reads the records of a case. */
export async function loadBoardCases(tx: Tx, caseIds: readonly string[]): Promise<BoardCase[]> {
  if (caseIds.length === 0) return [];
  const rows = await tx.query<{ state: BoardCase }>({
    name: "console.load-cases",
    text: `
      -- console.load-cases
      select state from board_case where case_id = any($1::text[])`,
    values: [caseIds],
  });
  return rows.map(({ state }) => state);
}

/** Saves cases. */
export async function saveBoardCases(tx: Tx, cases: readonly BoardCase[]): Promise<void> {
  if (cases.length === 0) return;
  await tx.query({
    name: "console.save-cases",
    text: `
      -- console.save-cases
      insert into board_case (case_id, timeline, titled_by, state)
      select case_id, timeline, titled_by, state::jsonb
      from unnest($1::text[], $2::text[], $3::integer[], $4::text[]) as new (case_id, timeline, titled_by, state)
      order by case_id
      on conflict (case_id) do update set titled_by = excluded.titled_by, state = excluded.state`,
    values: [
      cases.map(({ caseId }) => caseId),
      cases.map(({ timeline }) => timeline),
      cases.map(({ titledBy }) => titledBy),
      cases.map((state) => JSON.stringify(state)),
    ],
  });
}
