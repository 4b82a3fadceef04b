import type { CaseClocks } from "@crossline/domain";
import type { Instant, LineRef } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import { type StoredState, decodeState, encodeState } from "./stored-state.ts";

/** A case as it lies in the table. `dueAt` is when it must be looked at: never later than its earliest due instant. */
export type CaseRow = {
  readonly state: CaseClocks;
  readonly partition: number;
  readonly lastEventAt: Instant;
  readonly dueAt: Instant | undefined;
  /** The trace of the newest event that carried one: what fires belongs to it. */
  readonly traceparent?: string | undefined;
};

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

/** For `select` from case_clock: what `fromStored` reads. */
export const caseColumns = `
      case_id as "caseId", timeline, carrier, line_carrier as "lineCarrier", line_name as "lineName",
      line_version as "lineVersion", partition, last_event_at as "lastEventAt", due_at as "dueAt", state`;

export function fromStored(stored: StoredRow): CaseRow {
  const { caseId, timeline, carrier, lineCarrier, lineName, lineVersion, partition, lastEventAt, dueAt } = stored;
  const line: LineRef = { carrier: lineCarrier, name: lineName, version: lineVersion };
  return {
    state: decodeState({ caseId, timeline, carrier, line }, stored.state),
    partition,
    lastEventAt,
    dueAt: dueAt ?? undefined,
    traceparent: stored.state.trace,
  };
}

/** Locks the cases that exist of these, in the order of their ids. */
export async function lockCases(tx: Tx, caseIds: readonly string[]): Promise<CaseRow[]> {
  const rows = await tx.query<StoredRow>({
    name: "timer.lock-cases",
    text: `
      -- timer.lock-cases
      select ${caseColumns}
      from case_clock where case_id = any($1::text[]) order by case_id for update`,
    values: [caseIds],
  });
  return rows.map(fromStored);
}

/** Adds cases. Only the owner of a partition meets its new cases, so one that exists already is a fault. */
export async function insertCases(tx: Tx, rows: readonly CaseRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = <T>(pick: (row: CaseRow) => T): T[] => rows.map(pick);
  await tx.query({
    name: "timer.insert-cases",
    text: `
      -- timer.insert-cases
      insert into case_clock (case_id, timeline, carrier, line_carrier, line_name, line_version, partition,
        last_event_at, due_at, state)
      select case_id, timeline, carrier, line_carrier, line_name, line_version, partition,
        last_event_at, due_at, state::json
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::smallint[],
          $8::timestamptz[], $9::timestamptz[], string_to_array($10, E'\\n'))
        as new (case_id, timeline, carrier, line_carrier, line_name, line_version, partition,
          last_event_at, due_at, state)`,
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
      columns(({ state, traceparent }) => encodeState(state, traceparent)).join("\n"),
    ],
  });
}

/** Writes back cases that are locked. */
export async function updateCases(tx: Tx, rows: readonly CaseRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: "timer.update-cases",
    // The states as one text with a line each: as text[] every quote of the JSON would be escaped and unescaped.
    text: `
      -- timer.update-cases
      update case_clock
      set due_at = changed.due_at, last_event_at = changed.last_event_at, state = changed.state::json
      from unnest($1::text[], $2::timestamptz[], $3::timestamptz[], string_to_array($4, E'\\n'))
        as changed (case_id, due_at, last_event_at, state)
      where case_clock.case_id = changed.case_id`,
    values: [
      rows.map(({ state }) => state.caseId),
      rows.map(({ dueAt }) => (dueAt === undefined ? null : toSql(dueAt))),
      rows.map(({ lastEventAt }) => toSql(lastEventAt)),
      rows.map(({ state, traceparent }) => encodeState(state, traceparent)).join("\n"),
    ],
  });
}
