import type { IndicatorName, Instant } from "@crossline/contracts";
import { type Database, toSql } from "@crossline/postgres";
import { caseFacts } from "./second-computation.ts";

/** A row of an indicator by operating system. Times are in milliseconds. */
export type SecondRow = {
  readonly os: string | null;
  readonly company: string | null;
  readonly code: string | null;
  readonly count: number;
  readonly sum: number | null;
  readonly median: number | null;
  readonly otherMedian: number | null;
};

const ms = (from: string, to: string): string => `(extract(epoch from ${to} - ${from}) * 1000)::float8`;

/** The solved cases whose solution is certain, with an operating system as the device names it. */
const settled = `
-- proof.settled
settled as (
  select *, split_part(device ->> 'os', ' ', 1) as os from facts
  where resolved_at is not null and (is_ended or resolved_at <= $3::timestamptz - interval '7 days')
)`;
const ofSettled = (value: string): string =>
  `select s.os, null as company, null as code, (${value})::float8 as value, null::float8 as other from settled as s`;

/** The offers of a case with their ends, by hand-off. */
const handoffs = `
-- proof.handoffs
handoffs as (
  select f.case_id, split_part(f.device ->> 'os', ' ', 1) as os, f.opened_at, o.at as offered_at, a.at as accepted_at, d.at as solved_at,
    b.at as returned_at, b.data ->> 'code' as code
  from facts as f
  join record as o on o.case_id = f.case_id and o.type = 'handoff.offered'
  left join record as a on a.case_id = f.case_id and a.type = 'handoff.accepted' and a.data -> 'handoffId' = o.data -> 'handoffId'
  left join record as d on d.case_id = f.case_id and d.type = 'handoff.resolved' and d.data -> 'handoffId' = o.data -> 'handoffId'
  left join record as b on b.case_id = f.case_id and b.type = 'handoff.returned' and b.data -> 'handoffId' = o.data -> 'handoffId'
)`;

/** The holder from each change on. No company holds an ended case. */
const holds = `
-- proof.holds
changes as (
  select s.case_id, s.os, s.resolved_at, r.at as held_from, lead(r.at) over (partition by r.case_id order by r.at, r.topic, r.sequence) as held_until,
    case r.type when 'handoff.accepted' then r.data ->> 'vendor' when 'case.closed' then null else $2 end as holder
  from settled as s join record as r on r.case_id = s.case_id
    and r.type in ('case.opened', 'handoff.accepted', 'handoff.resolved', 'handoff.returned', 'case.closed')
), holds as (
  select case_id, os, holder, sum(${ms("held_from", "least(held_until, resolved_at)")}) as held_ms from changes
  where holder is not null and held_from < resolved_at and held_from is distinct from held_until group by 1, 2, 3
)`;

const statements: Readonly<Record<IndicatorName, readonly [parts: string, select: string]>> = {
  "first-contact-resolution": [
    settled,
    ofSettled("case when contacts = 1 and reopenings = 0 and accepted_at is null then 1 else 0 end"),
  ],
  "contacts-per-case": [settled, ofSettled("contacts")],
  "transfers-per-case": [
    settled,
    ofSettled(`(select count(*) from record as r where r.case_id = s.case_id and r.type = 'handoff.accepted')
      + (select count(distinct r.data -> 'assignmentId') from record as r where r.case_id = s.case_id and r.type = 'pool.claimed')`),
  ],
  "time-by-holder": [
    `${settled}, ${holds}`,
    "select os, holder as company, null as code, held_ms as value, null::float8 as other from holds",
  ],
  "time-to-accept": [
    handoffs,
    `select os, null as company, null as code, ${ms("offered_at", "accepted_at")} as value, null::float8 as other from handoffs`,
  ],
  "time-to-claim": [
    "pools as (select r.* from record as r join facts using (case_id) where r.type = 'pool.assigned')",
    `select split_part(f.device ->> 'os', ' ', 1) as os, null as company, null as code, ${ms("p.at", "c.at")} as value, null::float8 as other
      from pools as p join facts as f using (case_id)
      left join record as c on c.case_id = p.case_id and c.type = 'pool.claimed' and c.data -> 'assignmentId' = p.data -> 'assignmentId'`,
  ],
  "returns-by-code": [
    handoffs,
    "select os, null as company, code, 1::float8 as value, null::float8 as other from handoffs where returned_at is not null",
  ],
  "promises-kept": [
    `
    -- proof.ends
    ends as (
      select p.case_id, (p.data ->> 'until')::timestamptz as until, d.data ->> 'kept' as kept, w.at as withdrawn_at from record as p
      left join record as d on d.case_id = p.case_id and d.type = 'promise.delivered' and d.data -> 'promiseId' = p.data -> 'promiseId'
      left join record as w on w.case_id = p.case_id and w.type = 'promise.withdrawn' and w.data -> 'promiseId' = p.data -> 'promiseId'
      where p.type = 'promise.made'
    )`,
    `select split_part(f.device ->> 'os', ' ', 1) as os, null as company, null as code,
        case when kept = 'true' then 1 else 0 end::float8 as value, null::float8 as other
      from ends join facts as f using (case_id) where withdrawn_at is null and until < $3::timestamptz`,
  ],
  "cure-time-gap": [
    handoffs,
    `select distinct on (h.case_id) h.os, null as company, null as code, ${ms("h.opened_at", "h.accepted_at")} as value, fix.other
      from handoffs as h join lateral (
        select ${ms("x.accepted_at", "x.solved_at")} as other from handoffs as x
        where x.case_id = h.case_id and x.solved_at is not null order by x.solved_at limit 1
      ) as fix on true where h.accepted_at is not null order by h.case_id, h.accepted_at`,
  ],
};

/** Returns an indicator of a carrier over the whole history by operating system, company and code, in plain SQL over the records. */
export function secondIndicator(
  records: Database,
  indicator: IndicatorName,
  { timeline, carrier, asOf }: { readonly timeline: string; readonly carrier: string; readonly asOf: Instant },
): Promise<SecondRow[]> {
  const [parts, select] = statements[indicator];
  return records.query<SecondRow>({
    text: `${caseFacts}, typed as (select $3::timestamptz), ${parts}
      select os, company, code, count(*)::float8 as count, sum(value) as sum,
        percentile_cont(0.5) within group (order by value) as median, percentile_cont(0.5) within group (order by other) as "otherMedian"
      from (${select}) as things group by 1, 2, 3`,
    values: [timeline, carrier, toSql(asOf)],
  });
}
