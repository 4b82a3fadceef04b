import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import { storedForm, storedFormsOf } from "./queues.ts";

/** A queue with the open hand-offs of one carrier, and with the carrier's acceptances in a period. */
export type CarrierQueueRow = {
  readonly queue: string;
  readonly offered: number;
  readonly claimed: number;
  readonly accepted: number;
  readonly oldestOfferedAt: Instant | null;
  readonly acceptances: number;
  readonly medianMs: number | null;
};

/** Counts the hand-offs of a carrier in these queues, in the order of the queues. The counts contain no hand-off of another carrier. */
export function listQueuesOfCarrier(
  tx: Tx,
  carrier: string,
  queues: readonly string[],
  { timeline, since, now }: { readonly timeline: string; readonly since: Instant; readonly now: Instant },
): Promise<CarrierQueueRow[]> {
  return tx.query({
    name: "routing.list-queues-of-carrier",
    text: `
      -- routing.list-queues-of-carrier
      select queue, offered, claimed, accepted, "oldestOfferedAt", acceptances, "medianMs"
      from unnest($2::text[]) as named (queue)
        cross join lateral (
          select count(*) filter (where form = any($6::text[])) as offered,
            count(*) filter (where form = any($7::text[])) as claimed,
            count(*) filter (where form = any($8::text[])) as accepted,
            min(offered_at) filter (where form = any($6::text[])) as "oldestOfferedAt"
          from (
            select offered_at, ${storedForm("$4::timestamptz")} as form from handoff join case_crossing using (case_id)
            where carrier = $1 and vendor = split_part(named.queue, '.', 1) and handoff.queue = named.queue
              and handoff.timeline = $3 and ended_at is null
          ) as own
        ) as open
        cross join lateral (
          select count(*) as acceptances,
            percentile_disc(0.5) within group (order by extract(epoch from accepted_at - offered_at) * 1000)::integer
              as "medianMs"
          from handoff join case_crossing using (case_id)
          where carrier = $1 and vendor = split_part(named.queue, '.', 1) and handoff.queue = named.queue
            and handoff.timeline = $3 and accepted_at between $5::timestamptz and $4::timestamptz
        ) as taken
      order by queue`,
    values: [
      carrier,
      queues,
      timeline,
      toSql(now),
      toSql(since),
      storedFormsOf("offered"),
      storedFormsOf("claimed", "info-requested"),
      storedFormsOf("accepted"),
    ],
  });
}
