import { type Instant, type OpenPhase, type Severity, openPhase } from "@crossline/contracts";
import { type CaseCrossing, type CrossingView, phaseAt } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import { type HandoffRow, handoffColumns } from "./handoffs.ts";

export type QueueRow = {
  readonly queue: string;
  readonly offered: number;
  readonly claimed: number;
  readonly accepted: number;
  readonly oldestOfferedAt: Instant | null;
  /** Whether the vendor has opened or closed the queue by name. */
  readonly isNamed: boolean;
  /** The carriers to which the queue is open. Null: the queue is open to all carriers. */
  readonly carriers: readonly string[] | null;
  readonly lastReadAt: Instant | null;
};

/** SQL that computes the stored form of a hand-off: the phase, followed by ` lapsed` if the lease has expired before `now`. */
export const storedForm = (now: string): string => `phase || case when lease_until < ${now} then ' lapsed' else '' end`;

/**
 * Returns the stored forms of hand-offs in these phases. The domain's `phaseAt` decides the phase of a hand-off with an expired
 * lease.
 */
export function storedFormsOf(...phases: readonly OpenPhase[]): string[] {
  const wanted: ReadonlySet<string> = new Set(phases);
  return openPhase.options.flatMap((phase) => [
    ...(wanted.has(phaseAt({ phase }, 0)) ? [phase] : []),
    ...(wanted.has(phaseAt({ phase, leaseUntil: -1 }, 0)) ? [`${phase} lapsed`] : []),
  ]);
}

/** Lists a vendor's queues on one timeline, each with the counts of its open hand-offs. */
export function listQueues(tx: Tx, vendor: string, timeline: string, now: Instant): Promise<QueueRow[]> {
  return tx.query({
    name: "routing.list-queues",
    text: `
      -- routing.list-queues
      select queue,
        count(handoff_id) filter (where form = any($4::text[])) as offered,
        count(handoff_id) filter (where form = any($5::text[])) as claimed,
        count(handoff_id) filter (where form = any($6::text[])) as accepted,
        min(offered_at) filter (where form = any($4::text[])) as "oldestOfferedAt",
        open_queue.queue is not null as "isNamed", open_queue.carriers, last_read_at as "lastReadAt"
      from (
        select queue from vendor_queue where vendor = $1 and timeline = $2
        union select queue from open_queue where vendor = $1
      ) as own
        left join (
          select queue, handoff_id, offered_at, ${storedForm("$3::timestamptz")} as form
          from handoff where vendor = $1 and timeline = $2 and ended_at is null
        ) as open using (queue)
        left join open_queue using (queue)
        left join queue_read using (queue)
      group by queue, open_queue.queue, last_read_at order by queue`,
    values: [
      vendor,
      timeline,
      toSql(now),
      storedFormsOf("offered"),
      storedFormsOf("claimed", "info-requested"),
      storedFormsOf("accepted"),
    ],
  });
}

/**
 * A hand-off and the state of its case. `asOf` is the case as a former vendor reads it; null if the vendor reads the current
 * case.
 */
export type OpenHandoff = HandoffRow & { readonly state: CaseCrossing; readonly asOf: CrossingView | null };

/**
 * The place of a hand-off in a list. `dueAt` is present only in a list ordered by deadline. If the hand-off has no deadline,
 * `dueAt` is infinite.
 */
export type HandoffPlace = { readonly dueAt?: Instant; readonly offeredAt: Instant; readonly handoffId: string };

export type HandoffListQuery = {
  readonly vendor: string;
  readonly queue: string;
  readonly timeline: string;
  readonly state: readonly OpenPhase[] | undefined;
  readonly severity: readonly Severity[] | undefined;
  readonly sort: "offered" | "due";
  readonly now: Instant;
  readonly after: HandoffPlace | undefined;
  readonly limit: number;
};

/** The deadline of the acceptance. During an information request the clock is paused, so the deadline is infinite. */
const dueAt = "coalesce(case when phase in ('offered', 'claimed') then accept_by end, 'infinity')";

/** Lists the open hand-offs of one queue with their cases, ordered by age or by deadline. */
export async function listOpenHandoffs(tx: Tx, query: HandoffListQuery): Promise<(OpenHandoff & HandoffPlace)[]> {
  const { vendor, queue, timeline, state, severity, sort, now, after, limit } = query;
  const place = sort === "due" ? `${dueAt}, offered_at, handoff_id` : "offered_at, handoff_id";
  const from = sort === "due" ? "$9::timestamptz, $4::timestamptz, $5" : "$4::timestamptz, $5";
  return tx.query<OpenHandoff & HandoffPlace>({
    name: `routing.list-open-handoffs-by-${sort}`,
    text: `
      -- routing.list-open-handoffs-by-${sort}
      select ${handoffColumns}, case_crossing.state, null as "asOf", ${dueAt} as "dueAt"
      from handoff join case_crossing using (case_id)
      where handoff.vendor = $1 and handoff.timeline = $2 and handoff.queue = $3 and ended_at is null
        and (${place}) > (${from})
        and ($6::text[] is null or ${storedForm("$7::timestamptz")} = any($6))
        and ($8::text[] is null or case_crossing.state->'material'->>'severity' = any($8))
        and ($9::timestamptz is null or true) -- the order by age does not use $9
      order by ${place} limit $10`,
    values: [
      vendor,
      timeline,
      queue,
      toSql(after?.offeredAt ?? -Infinity),
      after?.handoffId ?? "",
      state === undefined ? null : storedFormsOf(...state),
      toSql(now),
      severity ?? null,
      toSql(after?.dueAt ?? -Infinity),
      limit,
    ],
  });
}

/** Finds an open or ended hand-off of a vendor's queue, with its case. */
export async function findHandoff(
  tx: Tx,
  vendor: string,
  queue: string,
  handoffId: string,
): Promise<OpenHandoff | undefined> {
  const [row] = await tx.query<OpenHandoff>({
    name: "routing.find-handoff",
    text: `
      -- routing.find-handoff
      select ${handoffColumns}, case_crossing.state, case_view.as_of as "asOf"
      from handoff join case_crossing using (case_id) left join case_view using (case_id, vendor)
      where handoff_id = $1 and handoff.vendor = $2 and handoff.queue = $3`,
    values: [handoffId, vendor, queue],
  });
  return row;
}
