import type { BoardRow } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** The row of a case on the board of one company. A row that is gone left the board. */
export type StoredRow = {
  readonly party: string;
  readonly caseId: string;
  readonly timeline: string;
  readonly openedAt: number;
  readonly dueAt: number | undefined;
  readonly ownDueAt: number | undefined;
  readonly isOpen: boolean;
  readonly isGone: boolean;
  readonly content: BoardRow;
};

/** Returns the rows of cases, by which the caller decides which rows have changed. */
export function loadRows(
  tx: Tx,
  caseIds: readonly string[],
): Promise<(Pick<StoredRow, "party" | "caseId" | "isGone" | "content"> & { readonly isOpen: boolean })[]> {
  if (caseIds.length === 0) return Promise.resolve([]);
  return tx.query({
    name: "console.load-rows",
    text: `
      -- console.load-rows
      select party, case_id as "caseId", is_gone as "isGone", is_open as "isOpen", content
      from board_row where case_id = any($1::text[])`,
    values: [caseIds],
  });
}

/**
 * Saves changed rows, and gives each the next position of its company. The statement locks the heads of the companies in the order of
 * their names until the commit. Rows therefore become visible in the order of their positions, and a stream misses none.
 */
export async function saveRows(tx: Tx, rows: readonly StoredRow[]): Promise<void> {
  if (rows.length === 0) return;
  const counts = Map.groupBy(rows, ({ party }) => party);
  const parties = [...counts.keys()].toSorted();
  const heads = await tx.query<{ party: string; position: number }>({
    name: "console.move-heads",
    text: `
      -- console.move-heads
      insert into company_head (party, position)
      select party, added from unnest($1::text[], $2::integer[]) as new (party, added) order by party
      on conflict (party) do update set position = company_head.position + excluded.position
      returning party, position`,
    values: [parties, parties.map((party) => counts.get(party)?.length ?? 0)],
  });
  const next = new Map(heads.map(({ party, position }) => [party, position - (counts.get(party)?.length ?? 0)]));
  const positions = rows.map(({ party }) => {
    const position = (next.get(party) ?? 0) + 1;
    next.set(party, position);
    return position;
  });
  await tx.query({
    name: "console.save-rows",
    text: `
      -- console.save-rows
      insert into board_row
        (party, case_id, timeline, position, opened_at, due_at, own_due_at, is_open, is_gone, content)
      select party, case_id, timeline, position, opened_at, due_at, own_due_at, is_open, is_gone, content::jsonb
      from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[], $6::timestamptz[],
        $7::timestamptz[], $8::boolean[], $9::boolean[], $10::text[])
        as new (party, case_id, timeline, position, opened_at, due_at, own_due_at, is_open, is_gone, content)
      order by party, case_id
      on conflict (party, case_id) do update set position = excluded.position, due_at = excluded.due_at,
        own_due_at = excluded.own_due_at, is_open = excluded.is_open, is_gone = excluded.is_gone,
        content = excluded.content`,
    values: [
      rows.map(({ party }) => party),
      rows.map(({ caseId }) => caseId),
      rows.map(({ timeline }) => timeline),
      positions,
      rows.map(({ openedAt }) => toSql(openedAt)),
      rows.map(({ dueAt }) => (dueAt === undefined ? null : toSql(dueAt))),
      rows.map(({ ownDueAt }) => (ownDueAt === undefined ? null : toSql(ownDueAt))),
      rows.map(({ isOpen }) => isOpen),
      rows.map(({ isGone }) => isGone),
      rows.map(({ content }) => JSON.stringify(content)),
    ],
  });
}
