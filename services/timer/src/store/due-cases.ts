import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import { type RowVersion, type StoredRow, caseColumns } from "./case-clocks.ts";
import type { TimelinePartition } from "@crossline/projection";

/** A scope (one partition of a timeline) without a deadline before `low`. A query of the due index starts at `low`. */
export type LowScope = TimelinePartition & { readonly low: Instant };

/** A scope whose thresholds before `until` are due. */
export type DueScope = LowScope & { readonly until: Instant };

/** A stored case, and the version of its row. */
export type DueRow = StoredRow & RowVersion;

/**
 * Reads the due cases of these scopes, the earliest first: at most `perScope` cases from each scope, and at most `max` cases in all.
 * The query locks no row. With a lock, each firing would write the row and the write-ahead log twice. `moveUnchanged` later detects
 * the rows that a transaction has changed since the query.
 */
export function readDue(tx: Tx, scopes: readonly DueScope[], perScope: number, max: number): Promise<DueRow[]> {
  return tx.query<DueRow>({
    name: "timer.read-due",
    text: `
      -- timer.read-due
      select ${caseColumns}, due.place, due.writer
      from unnest($1::text[], $2::smallint[], $3::timestamptz[], $6::timestamptz[])
        as scope (timeline, partition, until, low)
      cross join lateral (
        select case_id, carrier, line_carrier, line_name, line_version, last_event_at, due_at, state,
          ctid as place, xmin as writer
        from case_clock
        where timeline = scope.timeline and partition = scope.partition
          and due_at >= scope.low and due_at < scope.until
        order by due_at limit $4
      ) as due
      limit $5`,
    values: [
      scopes.map(({ timeline }) => timeline),
      scopes.map(({ partition }) => partition),
      scopes.map(({ until }) => toSql(until)),
      perScope,
      max,
      scopes.map(({ low }) => toSql(low)),
    ],
  });
}

/** Returns whether more cases may be due, because a scope or the whole batch has reached its limit. */
export function isCut(rows: readonly DueRow[], perScope: number, max: number): boolean {
  if (rows.length === max) return true;
  const counts = new Map<string, number>();
  for (const { timeline, partition } of rows) {
    const scope = `${timeline}/${partition}`;
    counts.set(scope, (counts.get(scope) ?? 0) + 1);
  }
  return Math.max(...counts.values()) >= perScope;
}

/** Returns the earliest stored due instant of each scope, the mark of its timeline, and now. The wall timeline has no mark. */
export function earliestStored(
  tx: Tx,
  scopes: readonly LowScope[],
): Promise<
  (TimelinePartition & { readonly dueAt: Instant | null; readonly mark: Instant | null; readonly now: Instant })[]
> {
  return tx.query({
    name: "timer.peek-due",
    text: `
      -- timer.peek-due
      select scope.timeline, scope.partition, due.due_at as "dueAt", mark.mark, clock_timestamp() as now
      from unnest($1::text[], $2::smallint[], $3::timestamptz[]) as scope (timeline, partition, low)
      left join timeline_mark as mark using (timeline, partition)
      left join lateral (
        select due_at from case_clock
        where timeline = scope.timeline and partition = scope.partition and due_at >= scope.low
        order by due_at limit 1
      ) as due on true`,
    values: [
      scopes.map(({ timeline }) => timeline),
      scopes.map(({ partition }) => partition),
      scopes.map(({ low }) => toSql(low)),
    ],
  });
}

/** Returns the scopes of these partitions on stepped timelines and imports in which a case is due before the mark. */
export function scopesBehindMark(tx: Tx, partitions: readonly number[]): Promise<TimelinePartition[]> {
  return tx.query<TimelinePartition>({
    name: "timer.scopes-behind-mark",
    text: `
      -- timer.scopes-behind-mark
      select timeline, partition from timeline_mark as mark
      where partition = any($1::smallint[]) and exists (
        select from case_clock as due
        where due.timeline = mark.timeline and due.partition = mark.partition and due.due_at < mark.mark
      )`,
    values: [partitions],
  });
}
