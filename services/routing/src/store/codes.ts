import type { Tx } from "@crossline/postgres";

/**
 * `count` is the number of the vendor's ended hand-offs with the code. `handoffs` is the number of all ended hand-offs of the
 * vendor. `peersCount` and `peersHandoffs` are the corresponding numbers of all other vendors together.
 */
export type CodeRow = {
  readonly vendor: string;
  readonly what: "rejected" | "returned" | "transferred";
  readonly code: string;
  readonly count: number;
  readonly handoffs: number;
  readonly peersCount: number;
  readonly peersHandoffs: number;
};

type CodeFilter = { readonly timeline: string; readonly carrier: string | undefined };

/** Counts the codes of ended hand-offs. If `carrier` is missing, the function counts the hand-offs of all carriers. */
export function countCodes(tx: Tx, { timeline, carrier }: CodeFilter): Promise<CodeRow[]> {
  return tx.query({
    text: `
      -- handoff.count-codes
      with over as (
        select h.vendor, h.phase as what, h.ending->>'code' as code
        from handoff h join case_crossing c on c.case_id = h.case_id
        where h.timeline = $1 and h.ended_at is not null and ($2::text is null or c.carrier = $2)
      ), per_vendor as (
        select vendor, count(*)::integer as handoffs from over group by vendor
      ), per_code as (
        select vendor, what, code, count(*)::integer as count from over
        where what in ('rejected', 'returned', 'transferred') and code is not null group by vendor, what, code
      )
      select own.vendor, own.what, own.code, own.count, v.handoffs,
        coalesce((select sum(count) from per_code p
          where p.what = own.what and p.code = own.code and p.vendor <> own.vendor), 0)::integer as "peersCount",
        coalesce((select sum(handoffs) from per_vendor p where p.vendor <> own.vendor), 0)::integer as "peersHandoffs"
      from per_code own join per_vendor v using (vendor)
      order by own.vendor, own.count desc, own.what, own.code`,
    values: [timeline, carrier ?? null],
  });
}
