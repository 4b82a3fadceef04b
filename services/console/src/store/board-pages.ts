import type { BoardRow } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** A row with its title and its position. */
export type TitledRow = {
  readonly content: BoardRow;
  readonly title: string | null;
  readonly position: number;
  readonly caseId: string;
};

/** The rows of one company that a board shows. Absent filters select every row. */
export type BoardSelection = {
  readonly party: string;
  readonly timeline: string;
  readonly isOfHandoffs: boolean;
  readonly queue?: string | undefined;
  readonly holder?: string | undefined;
  readonly carrier?: string | undefined;
  readonly phase?: readonly string[] | undefined;
  readonly severity?: readonly string[] | undefined;
  readonly person?: string | undefined;
  readonly model?: string | undefined;
  readonly line?: string | undefined;
  readonly dueBefore?: number | undefined;
  readonly resort?: boolean | undefined;
  readonly breached?: boolean | undefined;
};

/** The place of a row in a board. Rows without a deadline come last. */
export type BoardPlace = { readonly at: number | null; readonly caseId: string };

const selected = `
        party = $1 and timeline = $2 and is_open and not is_gone
        and (not $3::boolean or content ? 'handoff')
        and ($4::text is null or content ->> 'queue' = $4)
        and ($5::text is null or content ->> 'holder' = $5)
        and ($6::text[] is null or content ->> 'phase' = any($6))
        and ($7::text[] is null or content ->> 'severity' = any($7))
        and ($8::text is null or content ->> 'person' = $8)
        and ($9::text is null or content ->> 'model' = $9)
        and ($10::text is null or split_part(content ->> 'line', '@', 1) = $10)
        and ($11::timestamptz is null or due_at < $11)
        and (not $12::boolean or content ? 'resort')
        and (not $13::boolean or content ? 'breached')
        and ($14::text is null or content ->> 'carrier' = $14)`;

function valuesOf(selection: BoardSelection): unknown[] {
  const { party, timeline, isOfHandoffs, queue, holder, phase, severity, person, model, line, dueBefore } = selection;
  const { resort = false, breached = false, carrier } = selection;
  const before = dueBefore === undefined ? null : toSql(dueBefore);
  const texts = [queue, holder, phase, severity, person, model, line];
  return [party, timeline, isOfHandoffs, ...texts, before, resort, breached, carrier];
}

const sortColumns = { due: "due_at", ownDue: "own_due_at", opened: "opened_at" } as const;

/** SQL that joins the title of a case, which is stored once, with the fact that has it. */
export const withTitle = `
      left join board_case using (case_id)
      left join fact_words on fact_words.case_id = rows.case_id and fact_words.topic = 'case'
        and fact_words.sequence = board_case.titled_by`;

/** Returns the rows of a board after a place, in the order of `sort`, the earliest instant first. */
export function readBoard(
  tx: Tx,
  selection: BoardSelection,
  sort: keyof typeof sortColumns,
  { after, limit }: { readonly after: BoardPlace | undefined; readonly limit: number },
): Promise<(TitledRow & { readonly at: number | null })[]> {
  const column = `coalesce(${sortColumns[sort]}, 'infinity')`;
  return tx.query({
    text: `
      -- console.read-board
      select rows.case_id as "caseId", content, position, words ->> 'title' as title, at
      from (
        select case_id, content, position, ${sortColumns[sort]} as at from board_row
        where ${selected} and (${column}, case_id) > ($15::timestamptz, $16)
        order by ${column}, case_id limit $17
      ) as rows ${withTitle}
      order by coalesce(at, 'infinity'), rows.case_id`,
    values: [
      ...valuesOf(selection),
      after === undefined ? "-infinity" : after.at === null ? "infinity" : toSql(after.at),
      after?.caseId ?? "",
      limit,
    ],
  });
}

/** The number of rows that pass the filters, by the values of a field. */
export type BoardCount = {
  readonly field: "phase" | "severity" | "holder";
  readonly value: string;
  readonly count: number;
};

/** Counts the rows of a board by phase, severity and holder. */
export function countBoard(tx: Tx, selection: BoardSelection): Promise<BoardCount[]> {
  return tx.query({
    text: `
      -- console.count-board
      with rows as (
        select content ->> 'phase' as phase, content ->> 'severity' as severity, content ->> 'holder' as holder
        from board_row where ${selected}
      )
      select case when grouping(phase) = 0 then 'phase' when grouping(severity) = 0 then 'severity' else 'holder' end as field,
        coalesce(phase, severity, holder) as value, count(*)::integer as count
      from rows group by grouping sets ((phase), (severity), (holder)) order by 1, 2`,
    values: valuesOf(selection),
  });
}

/** Returns the now of the wall timeline, or the mark of a timeline on which the company has a case. */
export async function readBoardNow(tx: Tx, party: string, timeline: string): Promise<number | null> {
  const [row] = await tx.query<{ at: number | null }>({
    name: "console.read-board-now",
    text: `
      -- console.read-board-now
      select case when $2 = 'wall' then now() else (
        select max(mark) from timeline_mark
        where timeline = $2 and exists (select from board_row where party = $1 and timeline = $2)
      ) end as at`,
    values: [party, timeline],
  });
  return row?.at ?? null;
}

/** Returns the position of the last change of a company's rows, or 0. */
export async function readHead(tx: Tx, party: string): Promise<number> {
  const [row] = await tx.query<{ position: number }>({
    name: "console.read-head",
    text: `
      -- console.read-head
      select position from company_head where party = $1`,
    values: [party],
  });
  return row?.position ?? 0;
}

/** Returns the heads of companies. */
export function readHeads(
  tx: Tx,
  parties: readonly string[],
): Promise<{ readonly party: string; readonly position: number }[]> {
  return tx.query({
    name: "console.read-heads",
    text: `
      -- console.read-heads
      select party, position from company_head where party = any($1::text[])`,
    values: [parties],
  });
}

/** A changed row of a stream. */
export type ChangedRow = TitledRow & { readonly isOpen: boolean; readonly isGone: boolean; readonly timeline: string };

/** Returns the rows of a company that changed after a position, in the order of their positions. */
export function readChanges(tx: Tx, party: string, after: number, limit: number): Promise<ChangedRow[]> {
  return tx.query({
    name: "console.read-changes",
    text: `
      -- console.read-changes
      select rows.case_id as "caseId", rows.timeline, content, position, is_open as "isOpen", is_gone as "isGone",
        words ->> 'title' as title
      from (
        select * from board_row where party = $1 and position > $2 order by position limit $3
      ) as rows ${withTitle}
      order by position`,
    values: [party, after, limit],
  });
}
