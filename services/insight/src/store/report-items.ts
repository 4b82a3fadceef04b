import type { IndicatorName } from "@crossline/contracts";
import { settledAfterDays } from "@crossline/domain";

/*
 * One statement part for each indicator, with the things that the indicator counts. Each has the same columns, so that the values and
 * the list of the counted things have the same source. The parameters are those of `selectionValues`:
 *
 * - $1 timeline, $2 party, $3 true for a vendor
 * - $4 from, $5 to, $6 now
 * - $7 true if the query names a pool
 */

const caseColumns = `c.os, c.os_version, c.model, c.symptom, c.channel, c.kind, c.line_name || '@' || c.line_version as line`;

/** The last pool that claimed the case. A report that names no pool does not read the assignments. */
const lastPool = `
        -- insight.last-pool
        left join lateral (
          select pool from assignment
          where $7::boolean and assignment.case_id = c.case_id and claimed_at is not null
          order by claimed_at desc, assignment_id limit 1
        ) as last on true`;

const ofCarrier = `c.timeline = $1 and c.carrier = $2 and not $3::boolean and not c.is_canary and not c.is_merged`;

const settledCases = `
        -- insight.settled-cases
        from reported_case c ${lastPool}
        where ${ofCarrier} and c.resolved_at >= $4::timestamptz and c.resolved_at < $5::timestamptz
          and (c.ended_at is not null or c.confirmed_at is not null
            or c.resolved_at <= $6::timestamptz - interval '${settledAfterDays} days')`;

function ofSettledCases(value: string): string {
  return `
        select c.case_id, c.case_id as id, c.resolved_at as at, ${value}::float8 as value, null::float8 as other,
          ${caseColumns}, last.pool, null as queue, null as company, null as code ${settledCases}`;
}

/** A vendor reads the device as of the end of its hand-off, and no pool. The carrier reads the present device. */
const columnsOfCrossing = (pool: string): string => `
          -- insight.crossing-columns
          case when f.case_id is null then c.os else f.os end as os,
          case when f.case_id is null then c.os_version else f.os_version end as os_version,
          case when f.case_id is null then c.model else f.model end as model,
          case when f.case_id is null then c.symptom else f.symptom end as symptom, c.channel, c.kind,
          case when $3::boolean then null else c.line_name || '@' || c.line_version end as line,
          ${pool} as pool, x.queue,
          case when $3::boolean then c.carrier else x.vendor end as company`;
const crossingColumns = columnsOfCrossing("null");

/** The hand-offs that the party may count. `joined` is a further join. */
function crossings(joined = ""): string {
  return `
        -- insight.crossings
        from crossing x join reported_case c on c.case_id = x.case_id
        left join lateral (
          select * from former_device
          where $3::boolean and former_device.case_id = x.case_id and corrected_at > x.ended_at
          order by corrected_at, sequence limit 1
        ) as f on true ${joined}
        where c.timeline = $1 and not c.is_canary
          and case when $3::boolean then x.vendor = $2 else c.carrier = $2 end`;
}

/** The first hand-off of the case that a vendor resolved. */
const firstFix = `
        -- insight.first-fix
        join lateral (
          select vendor, accepted_at, resolved_at from crossing
          where crossing.case_id = x.case_id and resolved_at is not null order by resolved_at, handoff_id limit 1
        ) as fix on true`;

const hasAcceptance = `exists (select from crossing x where x.case_id = c.case_id and x.accepted_at is not null)`;

/** Returns the milliseconds between two instants as an expression. `extract` would calculate with numerics, which are slower. */
function msBetween(from: string, to: string): string {
  return `round(date_part('epoch', ${to} - ${from}) * 1000)`;
}

/** True for a case that crossed or was reopened. */
const isMoved = `(c.reopenings > 0
            or exists (select from holder_change x where x.case_id = c.case_id and x.is_of_handoff))`;

/**
 * The time for which each company held a settled case. The carrier alone held a case that never crossed and was never reopened, so only
 * the other cases need the order of their changes. The ends come from the case topic, and the vendors come from the hand-off topic.
 * Each change therefore gets the last holder and the last end before it.
 */
const timesByHolder = `
        -- insight.times-by-holder
        with moved as materialized (select c.case_id ${settledCases} and ${isMoved}), change as (
          select case_id, at, is_of_handoff, sequence, holder, is_ended, lead(at) over before as until,
            count(holder) over before as holders, count(is_ended) over before as ends
          from holder_change join moved using (case_id)
          window before as (partition by case_id order by at, is_of_handoff, sequence)
        ), filled as (
          select case_id, at as held_from, until as held_until,
            first_value(holder) over (partition by case_id, holders order by at, is_of_handoff, sequence) as holder,
            first_value(is_ended) over (partition by case_id, ends order by at, is_of_handoff, sequence) as is_ended
          from change
        ), held as (
          select case_id, coalesce(nullif(holder, ''), c.carrier) as holder,
            sum(${msBetween("held_from", "least(held_until, c.resolved_at)")}) as ms
          from filled join reported_case c using (case_id)
          where holder is not null and is_ended is not true and held_from < least(held_until, c.resolved_at)
          group by 1, 2
        )
        select c.case_id, held.holder as id, c.resolved_at as at, held.ms as value, null::float8 as other,
          ${caseColumns}, last.pool, null as queue, held.holder as company, null as code
        from held join reported_case c using (case_id) ${lastPool}
        union all
        select c.case_id, c.carrier, c.resolved_at, ${msBetween("c.opened_at", "c.resolved_at")}, null,
          ${caseColumns}, last.pool, null, c.carrier, null ${settledCases} and c.opened_at < c.resolved_at and not ${isMoved}`;

/** The things that each indicator counts. */
export const itemsOf: Readonly<Record<IndicatorName, string>> = {
  "first-contact-resolution": ofSettledCases(
    `case when c.contacts = 1 and c.reopenings = 0 and not ${hasAcceptance} then 1 else 0 end`,
  ),
  "contacts-per-case": ofSettledCases("c.contacts"),
  "transfers-per-case": ofSettledCases(`(
          (select count(*) from crossing x where x.case_id = c.case_id and x.accepted_at is not null)
          + (select count(*) from assignment a where a.case_id = c.case_id and a.claimed_at is not null))`),
  "time-by-holder": timesByHolder,
  "time-to-accept": `
        select x.case_id, x.handoff_id as id, x.offered_at as at,
          ${msBetween("x.offered_at", "x.accepted_at")} as value, null::float8 as other, ${crossingColumns}, null as code
        ${crossings()} and x.offered_at >= $4::timestamptz and x.offered_at < $5::timestamptz`,
  "time-to-claim": `
        select a.case_id, a.assignment_id as id, a.assigned_at as at,
          ${msBetween("a.assigned_at", "a.claimed_at")} as value, null::float8 as other,
          ${caseColumns}, a.pool, null as queue, null as company, null as code
        from assignment a join reported_case c on c.case_id = a.case_id
        where ${ofCarrier} and a.assigned_at >= $4::timestamptz and a.assigned_at < $5::timestamptz`,
  "returns-by-code": `
        select x.case_id, x.handoff_id as id, x.ended_at as at, 1::float8 as value, null::float8 as other,
          ${crossingColumns}, x.code
        ${crossings()} and x.outcome = 'returned' and x.ended_at >= $4::timestamptz and x.ended_at < $5::timestamptz`,
  "promises-kept": `
        select p.case_id, p.promise_id as id, p.until as at,
          case when p.is_kept then 1 else 0 end::float8 as value, null::float8 as other,
          ${caseColumns}, last.pool, null as queue, case when $3::boolean then c.carrier else p.promisor end as company,
          null as code
        from promise p join reported_case c on c.case_id = p.case_id ${lastPool}
        where c.timeline = $1 and not c.is_canary and not c.is_merged
          and case when $3::boolean then p.promisor = $2 else c.carrier = $2 end
          and p.withdrawn_at is null and (p.is_kept is not null or p.until < $6::timestamptz)
          and p.until >= $4::timestamptz and p.until < $5::timestamptz`,
  "cure-time-gap": `
        select x.case_id, x.handoff_id as id, x.accepted_at as at, ${msBetween("c.opened_at", "x.accepted_at")} as value,
          ${msBetween("fix.accepted_at", "fix.resolved_at")} as other,
          ${columnsOfCrossing("case when $3::boolean then null else last.pool end")}, null as code
        ${crossings(`${firstFix} ${lastPool}`)} and x.accepted_at >= $4::timestamptz and x.accepted_at < $5::timestamptz
          and (fix.vendor = $2 or not $3::boolean)
          and not exists (
            select from crossing earlier where earlier.case_id = x.case_id
              and (earlier.accepted_at, earlier.handoff_id) < (x.accepted_at, x.handoff_id)
          )`,
};
