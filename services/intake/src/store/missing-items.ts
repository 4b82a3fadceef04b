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

/** `scopeKey` is the scope of the problem about the item. */
type MissingItemQuery = Pick<MissingRow, "timeline" | "carrier" | "kind" | "channel" | "item"> & {
  readonly since: Instant;
  readonly scopeKey: string;
};

/** The number of cases that lacked an item, and the id of the open problem about the item, if one exists. */
export type MissingCount = { readonly count: number; readonly problemId: string | null };

/**
 * For each item, returns the number of cases that have lacked the item since an instant. Cases before the end of the last problem about the
 * item do not count.
 */
export async function countMissing(tx: Tx, queries: readonly MissingItemQuery[]): Promise<MissingCount[]> {
  if (queries.length === 0) return [];
  return tx.query<MissingCount>({
    text: `
      -- missing-item.count
      select
        (select count(*) from missing_item m where m.timeline = q.timeline and m.carrier = q.carrier and m.kind = q.kind
          and m.channel = q.channel and m.item = q.item and m.at >= q.since
          and m.at > coalesce((select max(p.ended_at) from problem p where p.carrier = q.carrier and p.timeline = q.timeline
            and p.scope_key = q.scope_key and p.status in ('closed', 'cancelled')), '-infinity')) as count,
        (select p.problem_id from problem p where p.carrier = q.carrier and p.timeline = q.timeline
          and p.scope_key = q.scope_key and p.status not in ('closed', 'cancelled')) as "problemId"
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
        with ordinality as q (timeline, carrier, kind, channel, item, since, scope_key, position)
      order by position`,
    values: [
      queries.map((q) => q.timeline),
      queries.map((q) => q.carrier),
      queries.map((q) => q.kind),
      queries.map((q) => q.channel),
      queries.map((q) => q.item),
      queries.map((q) => toSql(q.since)),
      queries.map((q) => q.scopeKey),
    ],
  });
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
