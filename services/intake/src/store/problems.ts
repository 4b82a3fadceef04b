import type { Channel, Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

/** A required item that a case lacked at its opening. */
export type MissingRow = {
  readonly timeline: string;
  readonly carrier: string;
  readonly kind: string;
  readonly channel: Channel;
  readonly item: string;
  readonly at: Instant;
  readonly caseId: string;
};

/** A required item that the cases of one channel lacked too often. */
export type ProblemRow = MissingRow & { readonly problemId: string; readonly cases: number };

type MissingItemQuery = Pick<MissingRow, "timeline" | "carrier" | "kind" | "channel" | "item"> & {
  readonly since: Instant;
};

/**
 * For each item, returns the number of cases that have lacked the item since an instant. The result is undefined for an item that
 * already has a problem.
 */
export async function countMissing(tx: Tx, queries: readonly MissingItemQuery[]): Promise<(number | undefined)[]> {
  if (queries.length === 0) return [];
  const rows = await tx.query<{ count: number; known: boolean }>({
    text: `
      -- missing-item.count
      select
        (select count(*) from missing_item m where m.timeline = q.timeline and m.carrier = q.carrier and m.kind = q.kind
          and m.channel = q.channel and m.item = q.item and m.at >= q.since) as count,
        exists (select from problem p where p.timeline = q.timeline and p.carrier = q.carrier and p.kind = q.kind
          and p.channel = q.channel and p.item = q.item) as known
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
        with ordinality as q (timeline, carrier, kind, channel, item, since, position)
      order by position`,
    values: [
      queries.map((q) => q.timeline),
      queries.map((q) => q.carrier),
      queries.map((q) => q.kind),
      queries.map((q) => q.channel),
      queries.map((q) => q.item),
      queries.map((q) => toSql(q.since)),
    ],
  });
  return rows.map(({ count, known }) => (known ? undefined : count));
}

/** Inserts missing items, and skips rows that exist already. */
export async function insertMissing(tx: Tx, rows: readonly MissingRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    text: `
      -- missing-item.insert
      insert into missing_item (timeline, carrier, kind, channel, item, at, case_id)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
      on conflict do nothing`,
    values: [
      rows.map((r) => r.timeline),
      rows.map((r) => r.carrier),
      rows.map((r) => r.kind),
      rows.map((r) => r.channel),
      rows.map((r) => r.item),
      rows.map((r) => toSql(r.at)),
      rows.map((r) => r.caseId),
    ],
  });
}

/**
 * Inserts problems. Throws if another process has already inserted one of the problems. After the error, the case writer decides each
 * request again, and finds the problem.
 */
export async function insertProblems(tx: Tx, rows: readonly ProblemRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    text: `
      -- problem.insert
      insert into problem (problem_id, timeline, carrier, kind, channel, item, cases, opened_at, case_id)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[],
        $8::timestamptz[], $9::text[])`,
    values: [
      rows.map((r) => r.problemId),
      rows.map((r) => r.timeline),
      rows.map((r) => r.carrier),
      rows.map((r) => r.kind),
      rows.map((r) => r.channel),
      rows.map((r) => r.item),
      rows.map((r) => r.cases),
      rows.map((r) => toSql(r.at)),
      rows.map((r) => r.caseId),
    ],
  });
}

/** Returns a carrier's problems, newest first. */
export function listProblems(tx: Tx, carrier: string, timeline: string, limit: number): Promise<ProblemRow[]> {
  return tx.query({
    text: `
      -- problem.list
      select problem_id as "problemId", timeline, carrier, kind, channel, item, cases, opened_at as at, case_id as "caseId"
      from problem where carrier = $1 and timeline = $2 order by opened_at desc, problem_id limit $3`,
    values: [carrier, timeline, limit],
  });
}
