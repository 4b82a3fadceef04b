import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import type { AuditedCase } from "../rules/index.ts";

/** A stored case. */
export type CaseRow = {
  readonly state: AuditedCase;
  readonly partition: number;
  readonly auditSequence: number;
  /** The instant on the case's timeline at which the judge must check the case. */
  readonly dueAt: Instant | undefined;
};

/** The stored state. The stored state omits the line of `ordered`, which is in separate columns. */
type StoredCase = Omit<AuditedCase, "caseId" | "timeline" | "ordered"> & {
  readonly ordered: Omit<AuditedCase["ordered"], "line">;
};

type StoredRow = {
  readonly caseId: string;
  readonly timeline: string;
  readonly lineCarrier: string;
  readonly lineName: string;
  readonly lineVersion: number;
  readonly partition: number;
  readonly auditSequence: number;
  readonly dueAt: Instant | null;
  readonly state: StoredCase;
};

const caseColumns = `
      case_id as "caseId", timeline, line_carrier as "lineCarrier", line_name as "lineName",
      line_version as "lineVersion", partition, audit_sequence as "auditSequence", due_at as "dueAt", state`;

function fromStored({ lineCarrier, lineName, lineVersion, ...stored }: StoredRow): CaseRow {
  const { caseId, timeline, partition, auditSequence, dueAt } = stored;
  const line = { carrier: lineCarrier, name: lineName, version: lineVersion };
  const { ordered, ...state } = stored.state;
  const audited = { ...state, caseId, timeline, ordered: { ...ordered, line } };
  return { state: audited, partition, auditSequence, dueAt: dueAt ?? undefined };
}

function encode(audited: AuditedCase): string {
  const { caseId: _, timeline: __, ordered, ...state } = audited;
  const { line: ___, ...rest } = ordered;
  return JSON.stringify({ ...state, ordered: rest });
}

/** Locks the given cases that exist, in the order of their ids. */
export async function lockCases(tx: Tx, caseIds: readonly string[]): Promise<CaseRow[]> {
  const rows = await tx.query<StoredRow>({
    name: "auditor.lock-cases",
    text: `
      -- auditor.lock-cases
      select ${caseColumns}
      from audited_case where case_id = any($1::text[]) order by case_id for update`,
    values: [caseIds],
  });
  return rows.map(fromStored);
}

/** Inserts new cases. Only the partition owner inserts cases of a partition, so an existing row with the same case id is a fault. */
export async function insertCases(tx: Tx, rows: readonly CaseRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = <T>(pick: (row: CaseRow) => T): T[] => rows.map(pick);
  await tx.query({
    name: "auditor.insert-cases",
    text: `
      -- auditor.insert-cases
      insert into audited_case (case_id, timeline, line_carrier, line_name, line_version, partition,
        audit_sequence, due_at, state)
      select case_id, timeline, line_carrier, line_name, line_version, partition, audit_sequence, due_at, state::json
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::smallint[], $7::integer[],
          $8::timestamptz[], string_to_array($9, E'\\n'))
        as new (case_id, timeline, line_carrier, line_name, line_version, partition, audit_sequence, due_at, state)`,
    values: [
      columns(({ state }) => state.caseId),
      columns(({ state }) => state.timeline),
      columns(({ state }) => state.ordered.line.carrier),
      columns(({ state }) => state.ordered.line.name),
      columns(({ state }) => state.ordered.line.version),
      columns(({ partition }) => partition),
      columns(({ auditSequence }) => auditSequence),
      columns(({ dueAt }) => (dueAt === undefined ? null : toSql(dueAt))),
      columns(({ state }) => encode(state)).join("\n"),
    ],
  });
}

/** Saves cases that this transaction has locked. */
export async function updateCases(tx: Tx, rows: readonly CaseRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: "auditor.update-cases",
    text: `
      -- auditor.update-cases
      update audited_case
      set due_at = changed.due_at, audit_sequence = changed.audit_sequence, state = changed.state::json,
        line_carrier = changed.line_carrier, line_name = changed.line_name, line_version = changed.line_version
      from unnest($1::text[], $2::timestamptz[], $3::integer[], string_to_array($4, E'\\n'), $5::text[], $6::text[],
          $7::integer[])
        as changed (case_id, due_at, audit_sequence, state, line_carrier, line_name, line_version)
      where audited_case.case_id = changed.case_id`,
    values: [
      rows.map(({ state }) => state.caseId),
      rows.map(({ dueAt }) => (dueAt === undefined ? null : toSql(dueAt))),
      rows.map(({ auditSequence }) => auditSequence),
      rows.map(({ state }) => encode(state)).join("\n"),
      rows.map(({ state }) => state.ordered.line.carrier),
      rows.map(({ state }) => state.ordered.line.name),
      rows.map(({ state }) => state.ordered.line.version),
    ],
  });
}

/** A scope in which the timer must have published all firings that were due before `until`. */
export type JudgedScope = { readonly timeline: string; readonly partition: number; readonly until: Instant };

/** Locks the cases that are due before `until`, the earliest first, at most `max`. Skips rows that another transaction has locked. */
export async function lockDue(tx: Tx, scopes: readonly JudgedScope[], max: number): Promise<CaseRow[]> {
  const rows = await tx.query<StoredRow>({
    name: "auditor.lock-due",
    text: `
      -- auditor.lock-due
      select ${caseColumns} from unnest($1::text[], $2::smallint[], $3::timestamptz[]) as scope (timeline, partition, until)
      cross join lateral (
        select case_id, line_carrier, line_name, line_version, audit_sequence, due_at, state from audited_case
        where timeline = scope.timeline and partition = scope.partition and due_at < scope.until
        order by due_at limit $4 for update skip locked
      ) as due
      limit $4`,
    values: [
      scopes.map(({ timeline }) => timeline),
      scopes.map(({ partition }) => partition),
      scopes.map(({ until }) => toSql(until)),
      max,
    ],
  });
  return rows.map(fromStored);
}

/** Returns the scopes in which a case is still due before `until`, even if another transaction has locked the case. */
export async function readStillDue(
  tx: Tx,
  scopes: readonly JudgedScope[],
): Promise<{ timeline: string; partition: number }[]> {
  if (scopes.length === 0) return [];
  return tx.query({
    name: "auditor.read-still-due",
    text: `
      -- auditor.read-still-due
      select timeline, partition from unnest($1::text[], $2::smallint[], $3::timestamptz[]) as scope (timeline, partition, until)
      where exists (
        select from audited_case as due
        where due.timeline = scope.timeline and due.partition = scope.partition and due.due_at < scope.until
      )`,
    values: [
      scopes.map(({ timeline }) => timeline),
      scopes.map(({ partition }) => partition),
      scopes.map(({ until }) => toSql(until)),
    ],
  });
}
