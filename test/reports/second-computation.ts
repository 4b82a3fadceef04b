import type { Instant } from "@crossline/contracts";
import type { CrossedCase, OutcomeSums } from "@crossline/domain";
import { type Database, toSql } from "@crossline/postgres";

/**
 * Calculates the facts of all cases from the stored records in plain SQL, into the table `fact`. Insight's code and tables have no part in
 * it. The other statements of this folder read this table and the records.
 */
export async function createFacts(records: Database): Promise<void> {
  await records.query({ text: "analyze record" });
  await records.query({
    text: `
      create table fact as with opened as (
        select timeline, case_id, at as opened_at, data from record
        where type = 'case.opened' and not data ? 'canary' and case_id not in (
          select case_id from record where type = 'case.closed' and data ->> 'reason' = 'merged'
        )
      ), solved as (
        select distinct on (case_id) case_id, type, at as resolved_at from record
        where type in ('case.resolved', 'case.reopened') order by case_id, sequence desc
      ), accepted as (
        select distinct on (a.case_id) a.case_id, a.at as accepted_at, r.at as fixed_at from record as a
        left join record as r on r.case_id = a.case_id and r.type = 'handoff.resolved' and r.data -> 'handoffId' = a.data -> 'handoffId'
        where a.type = 'handoff.accepted' order by a.case_id, a.sequence
      ), corrected as (
        select distinct on (case_id) case_id, data -> 'device' as device from record
        where type = 'case.corrected' and data ? 'device' order by case_id, sequence desc
      ), severity as (
        select distinct on (case_id) case_id, data ->> 'to' as severity from record
        where type = 'case.severity-changed' order by case_id, sequence desc
      ), counted as (
        select case_id, count(*) filter (where type = 'case.reopened') as reopenings,
          count(*) filter (where type = 'case.contacted' and data ->> 'direction' = 'inbound' and data ->> 'content' <> 'auto-reply')
            + coalesce(sum((data #>> '{contacts,count}')::int) filter (where type = 'case.merged'), 0) + 1 as contacts,
          max(sequence) filter (where type in ('case.confirmed', 'case.closed'))
            > coalesce(max(sequence) filter (where type = 'case.reopened'), 0) as is_ended
        from record where topic = 'crossline.case.v1' group by case_id
      )
      select o.timeline, o.data ->> 'carrier' as carrier, o.case_id, o.opened_at, o.data ->> 'channel' as channel,
        o.data ->> 'symptom' as symptom, coalesce(v.severity, o.data ->> 'severity') as severity,
        coalesce(d.device, o.data -> 'device') as device,
        case when s.type = 'case.resolved' then s.resolved_at end as resolved_at, c.is_ended, c.contacts, c.reopenings,
        a.accepted_at, a.fixed_at
      from opened as o join counted as c using (case_id) left join solved as s using (case_id)
      left join accepted as a using (case_id) left join corrected as d using (case_id) left join severity as v using (case_id)`,
  });
  await records.query({ text: "create index on fact (timeline, carrier)" });
  await records.query({ text: "analyze fact" });
}

/** The facts of the cases of one carrier on one timeline. */
export const caseFacts = "with facts as (select * from fact where timeline = $1 and carrier = $2)";

/** Returns the crossed cases of a carrier over the whole history, in the order of their holds. */
export async function secondCrossedCases(records: Database, timeline: string, carrier: string): Promise<CrossedCase[]> {
  const rows = await records.query<CrossedCase & { fixedMs: number | null }>({
    text: `${caseFacts}
      select symptom, coalesce(device ->> 'model', split_part(device ->> 'os', ' ', 1)) as device, channel || ' ' || severity as stratum,
        (extract(epoch from accepted_at - opened_at) * 1000)::float8 as "heldMs", (extract(epoch from fixed_at - accepted_at) * 1000)::float8 as "fixedMs"
      from facts where accepted_at is not null and symptom is not null and device is not null`,
    values: [timeline, carrier],
  });
  return rows.map(({ fixedMs, ...row }) => ({ ...row, fixedMs: fixedMs ?? undefined }));
}

/** Returns the sums of each model in each channel over the whole history. */
export async function secondOutcomes(
  records: Database,
  { timeline, carrier, asOf }: { readonly timeline: string; readonly carrier: string; readonly asOf: Instant },
): Promise<OutcomeSums[]> {
  return records.query<OutcomeSums>({
    text: `${caseFacts}, settled as (
        select *, resolved_at is not null and (is_ended or resolved_at <= $3::timestamptz - interval '7 days') as is_settled from facts
      )
      select device ->> 'model' as model, channel, count(*)::float8 as cases, sum(contacts)::float8 as contacts, sum(contacts * contacts)::float8 as "contactsSquared",
        count(*) filter (where is_settled)::float8 as settled,
        count(*) filter (where is_settled and contacts = 1 and reopenings = 0 and accepted_at is null)::float8 as "resolvedAtFirst",
        count(accepted_at)::float8 as crossed, count(*) filter (where reopenings > 0)::float8 as reopened
      from settled where device ->> 'model' is not null group by 1, 2`,
    values: [timeline, carrier, toSql(asOf)],
  });
}
