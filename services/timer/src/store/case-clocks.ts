import { type CaseClocks, nextBreach } from "@crossline/domain";
import type { Instant, LineRef } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import type { Lines } from "./lines.ts";
import type { StoredAccess } from "./stored-access.ts";
import { type StoredState, decodeState, encodeState, traceOf } from "./stored-state.ts";

/** A stored case. `dueAt` is the instant at which the scanner must read the case, and is never later than the earliest deadline. */
export type CaseRow = {
  readonly state: CaseClocks;
  readonly partition: number;
  readonly lastEventAt: Instant;
  readonly dueAt: Instant | undefined;
  /** The trace to which the firings of the case belong, from the newest event that had a trace. */
  readonly traceparent?: string | undefined;
  /** The case access. Only `lockCases` loads the case access. A firing never changes the case access. */
  readonly access?: StoredAccess | undefined;
};

/** A row of case_clock as a query returns it, without the case access. */
export type StoredRow = {
  readonly caseId: string;
  readonly timeline: string;
  readonly carrier: string;
  readonly lineCarrier: string;
  readonly lineName: string;
  readonly lineVersion: number;
  readonly partition: number;
  readonly lastEventAt: Instant;
  readonly dueAt: Instant | null;
  readonly state: StoredState;
};

/** The version of a row as a transaction read it. */
export type RowVersion = {
  /**
   * The place of the version in the table (`ctid`). Postgres can reuse a place, so only the place and the writer together identify a
   * version.
   */
  readonly place: string;
  readonly writer: number;
};

/** The columns of case_clock that `fromStored` needs. */
export const caseColumns = `
      case_id as "caseId", timeline, carrier, line_carrier as "lineCarrier", line_name as "lineName",
      line_version as "lineVersion", partition, last_event_at as "lastEventAt", due_at as "dueAt", state`;

/** Returns the reference of a line. `fromStored` needs this line to decode the state. */
export function lineOf({ lineCarrier, lineName, lineVersion }: StoredRow): LineRef {
  return { carrier: lineCarrier, name: lineName, version: lineVersion };
}

/** Decodes a stored row. The caller must first load the line of the row. */
export function fromStored(stored: StoredRow, lines: Lines): CaseRow {
  const { caseId, timeline, carrier, partition, lastEventAt, dueAt } = stored;
  const line = lineOf(stored);
  return {
    state: decodeState({ caseId, timeline, carrier, line, lastEventAt }, stored.state, lines.get(line)),
    partition,
    lastEventAt,
    dueAt: dueAt ?? undefined,
    traceparent: traceOf(stored.state),
  };
}

/** Locks the given cases that exist, in the order of their ids, and loads the lines that they need. */
export async function lockCases(tx: Tx, lines: Lines, caseIds: readonly string[]): Promise<CaseRow[]> {
  const rows = await tx.query<StoredRow & { readonly sights: StoredAccess | null }>({
    name: "timer.lock-cases",
    text: `
      -- timer.lock-cases
      select ${caseColumns}, sights
      from case_clock where case_id = any($1::text[]) order by case_id for update`,
    values: [caseIds],
  });
  const earlier = rows.flatMap(({ sights }) => (sights?.earlier ?? []).map(({ was }) => was.line));
  await lines.load(tx, [...rows.map(lineOf), ...earlier]);
  return rows.map((row) => ({ ...fromStored(row, lines), access: row.sights ?? undefined }));
}

/** Inserts new cases. Only the partition owner inserts cases of a partition, so an existing row with the same case id is a fault. */
export async function insertCases(tx: Tx, lines: Lines, rows: readonly CaseRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = <T>(pick: (row: CaseRow) => T): T[] => rows.map(pick);
  await tx.query({
    name: "timer.insert-cases",
    text: `
      -- timer.insert-cases
      insert into case_clock (case_id, timeline, carrier, line_carrier, line_name, line_version, partition,
        last_event_at, due_at, state, sights, breach_at)
      select case_id, timeline, carrier, line_carrier, line_name, line_version, partition,
        last_event_at, due_at, state::json, sights::json, breach_at
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::smallint[],
          $8::timestamptz[], $9::timestamptz[], string_to_array($10, E'\\n'), string_to_array($11, E'\\n', ''),
          $12::timestamptz[])
        as new (case_id, timeline, carrier, line_carrier, line_name, line_version, partition,
          last_event_at, due_at, state, sights, breach_at)`,
    values: [
      columns(({ state }) => state.caseId),
      columns(({ state }) => state.timeline),
      columns(({ state }) => state.carrier),
      columns(({ state }) => state.line.carrier),
      columns(({ state }) => state.line.name),
      columns(({ state }) => state.line.version),
      columns(({ partition }) => partition),
      columns(({ lastEventAt }) => toSql(lastEventAt)),
      columns(({ dueAt }) => (dueAt === undefined ? null : toSql(dueAt))),
      columns((row) => encodeRow(row, lines)).join("\n"),
      columns(encodeAccess).join("\n"),
      columns((row) => breachOf(row, lines)),
    ],
  });
}

/** Saves cases that this transaction has locked. */
export async function updateCases(tx: Tx, lines: Lines, rows: readonly CaseRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: "timer.update-cases",
    // The statement gets all states as one text, one row of text per case. In a text[], Postgres would escape and unescape each quote
    // of the JSON.
    text: `
      -- timer.update-cases
      update case_clock
      set due_at = changed.due_at, last_event_at = changed.last_event_at, state = changed.state::json,
        sights = changed.sights::json, breach_at = changed.breach_at
      from unnest($1::text[], $2::timestamptz[], $3::timestamptz[], string_to_array($4, E'\\n'),
          string_to_array($5, E'\\n', ''), $6::timestamptz[])
        as changed (case_id, due_at, last_event_at, state, sights, breach_at)
      where case_clock.case_id = changed.case_id`,
    values: [
      rows.map(({ state }) => state.caseId),
      rows.map(({ dueAt }) => (dueAt === undefined ? null : toSql(dueAt))),
      rows.map(({ lastEventAt }) => toSql(lastEventAt)),
      rows.map((row) => encodeRow(row, lines)).join("\n"),
      rows.map(encodeAccess).join("\n"),
      rows.map((row) => breachOf(row, lines)),
    ],
  });
}

/** Saves the new lines of moved cases. Moves are rare, so `updateCases` does not write the line. */
export async function moveCases(tx: Tx, states: readonly CaseClocks[]): Promise<void> {
  if (states.length === 0) return;
  await tx.query({
    text: `
      -- timer.move-cases
      update case_clock
      set line_carrier = moved.line_carrier, line_name = moved.line_name, line_version = moved.line_version
      from unnest($1::text[], $2::text[], $3::text[], $4::integer[])
        as moved (case_id, line_carrier, line_name, line_version)
      where case_clock.case_id = moved.case_id`,
    values: [
      states.map(({ caseId }) => caseId),
      states.map(({ line }) => line.carrier),
      states.map(({ line }) => line.name),
      states.map(({ line }) => line.version),
    ],
  });
}

/**
 * Saves cases that the caller has read without a lock. Saves a row only if no transaction has changed the row since the caller read
 * it. Locks the saved rows, and returns their indexes.
 *
 * The statement locks rows in the order of the case ids, and waits if another transaction has locked a row. `lockCases` locks rows in
 * the same order, so the two functions never deadlock. The planner keeps the order only with nested loops, so the function disables
 * hash joins and merge joins.
 */
export async function moveUnchanged(
  tx: Tx,
  lines: Lines,
  rows: readonly (CaseRow & RowVersion)[],
): Promise<ReadonlySet<number>> {
  if (rows.length === 0) return new Set();
  const order = rows.map((_, index) => index).toSorted((a, b) => (idOf(rows, a) < idOf(rows, b) ? -1 : 1));
  const column = (pick: (row: (typeof rows)[number]) => string | number): string =>
    order.map((index) => pick(rows[index] as (typeof rows)[number])).join("\n");
  const loops = tx.query({
    name: "timer.loop-joins",
    text: `
      -- timer.loop-joins
      select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`,
  });
  const moving = tx.query<{ moved: number[] | null }>({
    name: "timer.move-unchanged",
    // The statement finds each row by its place, which saves a lookup in the primary key. The statement also compares the
    // writer (`xmin`), because another row can reuse the place after a vacuum. Each value is a text with one row per case,
    // because Postgres would escape each element of a text[].
    text: `
      -- timer.move-unchanged
      with moved as (
        update case_clock set due_at = changed.due_at, state = changed.state::json, breach_at = changed.breach_at
        from rows from (
          unnest(string_to_array($1, E'\\n')::tid[]), unnest(string_to_array($2, E'\\n')::xid[]),
          unnest(string_to_array($3, E'\\n', '')::timestamptz[]), unnest(string_to_array($4, E'\\n')),
          unnest(string_to_array($5, E'\\n', '')::timestamptz[])
        ) with ordinality as changed (place, writer, due_at, state, breach_at, number)
        where case_clock.ctid = changed.place and case_clock.xmin = changed.writer
        returning changed.number::integer
      )
      select array_agg(number) as moved from moved`,
    values: [
      column(({ place }) => place),
      column(({ writer }) => writer),
      column(({ dueAt }) => (dueAt === undefined ? "" : toSql(dueAt))),
      column((row) => encodeRow(row, lines)),
      column((row) => breachOf(row, lines) ?? ""),
    ],
  });
  const [, [result]] = await Promise.all([loops, moving]);
  return new Set((result?.moved ?? []).map((number) => order[number - 1] as number));
}

function idOf(rows: readonly CaseRow[], index: number): string {
  return rows[index]?.state.caseId ?? "";
}

/** Returns the stored instant of the next breach. */
function breachOf({ state }: CaseRow, lines: Lines): string | null {
  const next = nextBreach(state, lines.get(state.line));
  return next === undefined ? null : toSql(next.at);
}

/** Returns the case access as JSON, or an empty text if there is no access to store. */
function encodeAccess({ access }: CaseRow): string {
  return access === undefined ? "" : JSON.stringify(access);
}

function encodeRow({ state, lastEventAt, traceparent }: CaseRow, lines: Lines): string {
  return encodeState(state, lines.get(state.line), lastEventAt, traceparent);
}

/**
 * Moves the due instants of cases, and leaves their states unchanged. Skips a row that a transaction has changed since the caller
 * read it.
 */
export async function postponeCases(
  tx: Tx,
  rows: readonly { readonly caseId: string; readonly writer: number; readonly dueAt: Instant }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    text: `
      -- timer.postpone-cases
      update case_clock set due_at = later.due_at
      from unnest($1::text[], $2::xid[], $3::timestamptz[]) as later (case_id, writer, due_at)
      where case_clock.case_id = later.case_id and case_clock.xmin = later.writer`,
    values: [rows.map(({ caseId }) => caseId), rows.map(({ writer }) => writer), rows.map(({ dueAt }) => toSql(dueAt))],
  });
}
