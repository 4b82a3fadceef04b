-- Operators read this view with psql. case_clock stores clocks as lists without names, and omits every value that follows from the
-- line. The view repeats the built-in line, the implied clocks, and the kinds that count in 24x7. No line document contains these
-- parts of the domain. The test clock-view.test.ts compares the view with the domain. If the domain changes, a new migration must
-- replace the view.
create view clock as
with implied (position, kind, target) as (
  values
    (1, 'stall.idle', '{"critical": "PT30M", "else": "PT2H"}'::json),
    (2, 'vendor.acceptance', '{"critical": "PT5M", "major": "PT30M", "else": "PT4H"}'),
    (3, 'confirmation', '"P3D"'), (4, 'information', '"P1D"'), (5, 'joint', '"PT2H"'), (6, 'need-by', '"P1D"'),
    (7, 'promise', '"P1D"'), (8, 'reply', '"P1D"')
)
select
  c.case_id, c.timeline, c.partition, c.carrier, facts.holder, facts.status, facts.severity,
  format('%s/%s@%s', c.line_carrier, c.line_name, c.line_version) as line,
  rule.name as clock, rule.kind,
  case json_typeof(clock -> 1) when 'number' then 'case/' || (clock ->> 1) else clock ->> 1 end as start,
  coalesce(nullif(clock ->> 5, '0'), facts.holder) as charged,
  case
    when ended is not null then 'ended'
    when fired.count = cardinality(rule.thresholds) then 'breached'
    when counted.since is not null then 'running'
    else 'waiting'
  end as state,
  is_overtaken or coalesce(clock ->> 7 = '1', false) as overtaken,
  c.last_event_at + coalesce((clock ->> 2)::bigint, 0) * ms as started_at,
  c.last_event_at + ended * ms as ended_at,
  rule.target * ms as target,
  rule.calendar,
  counted.total * ms as counted,
  c.last_event_at + counted.since * ms as counting_since,
  rule.thresholds, fired.due_at as fired_due_at, fired.at as fired_at,
  next.threshold as next_threshold,
  case when rule.calendar = '24x7' and counted.due is not null
    then greatest(c.last_event_at + counted.due * ms, not_before.at) end as next_due_at,
  not_before.at as not_before,
  c.breach_at as case_breach_at, c.due_at as case_read_at, c.last_event_at
from case_clock as c
cross join (select interval '1 millisecond') as unit (ms)
left join timeline_mark as mark using (timeline, partition)
left join line on (line.carrier, line.name, line.version) = (c.line_carrier, c.line_name, c.line_version)
cross join lateral (select coalesce(line.document, '{
  "mode": "cross", "calendar": "24x7", "clocks": [
    {"kind": "first-response", "target": {"live": "PT15M", "else": "PT4H"}},
    {"kind": "stall.busy", "target": "PT20M", "warnAt": [50, 75, 90]},
    {"kind": "handling.limit", "target": "PT45M"},
    {"kind": "stall.idle", "target": {"critical": "PT30M", "else": "PT2H"}}
  ]}')) as line_of_case (rules)
cross join lateral (
  select
    coalesce(nullif(c.state ->> 7, '0'), c.carrier) as holder,
    case c.state ->> 0 when 'c' then 'critical' when 'j' then 'major' when 'n' then 'minor' end as severity,
    case c.state ->> 1
      when 'a' then 'acknowledged' when 'i' then 'inProgress' when 'p' then 'pending' when 'h' then 'held'
      when 'r' then 'resolved' when 'o' then 'reopened' when 'c' then 'closed' when 'j' then 'rejected'
      when 'x' then 'cancelled' when 'q' then 'assessingCancellation'
    end as status
) as facts
-- All instants in `state` are milliseconds from last_event_at. `until` is the end of the clock, or now on the timeline.
cross join lateral (
  select value as clock, null::bigint as ended, false as is_overtaken, (extract(epoch from case c.timeline
    when 'wall' then clock_timestamp() else coalesce(mark.mark, c.last_event_at) end - c.last_event_at) * 1000)::bigint as until
  from json_array_elements(coalesce(c.state -> 5, '[]')) as running (value)
  union all
  select value -> 0, (value ->> 1)::bigint, coalesce(value ->> 2 = '1', false), (value ->> 1)::bigint
  from json_array_elements(coalesce(c.state -> 9, '[]')) as over (value)
) as packed
-- A rule is an index in the line, an index with the clock's own target, or a complete rule with its name.
cross join lateral (
  select clock -> 0 as value, case
    when json_typeof(clock -> 0) = 'number' then clock ->> 0
    when json_typeof(clock #> '{0,0}') = 'number' then clock #>> '{0,0}'
  end::integer as place
) as stored
left join lateral (
  select position - 1 as place, value ->> 'kind' as kind, coalesce(value ->> 'name', value ->> 'kind') as name,
    value -> 'target' as target, value -> 'warnAt' as warn_at, value -> 'calendar' as calendar
  from json_array_elements(rules -> 'clocks') with ordinality as named (value, position)
  union all
  select json_array_length(rules -> 'clocks') - 1 + row_number() over (order by position), kind, kind, target, null, null
  from implied
  where rules ->> 'mode' is distinct from 'observe' and (kind <> 'need-by' or rules -> 'needBy' is not null)
    and kind not in (select value ->> 'kind' from json_array_elements(rules -> 'clocks'))
) as written on case when stored.place is null then written.name = stored.value ->> 0 else written.place = stored.place end
cross join lateral (
  select
    case when stored.place is null then stored.value ->> 0 else written.name end as name,
    case when stored.place is null then stored.value ->> 1 else written.kind end as kind,
    case
      when stored.place is null then (stored.value ->> 2)::bigint
      when json_typeof(stored.value) = 'array' then (stored.value ->> 1)::bigint
      else (extract(epoch from coalesce(written.target ->> facts.severity, written.target ->> 'else',
        written.target #>> '{}', 'P1D')::interval) * 1000)::bigint
    end as target,
    case
      when stored.place is null then array(select json_array_elements_text(stored.value -> 3)::integer)
      else array(select distinct json_array_elements_text(coalesce(written.warn_at, '[]'))::integer order by 1) || 100
    end as thresholds,
    case
      when coalesce(case when stored.place is null then stored.value ->> 1 end, written.kind)
        in ('need-by', 'promise', 'last-resort') then '24x7'
      else coalesce(written.calendar, rules -> 'calendar') #>> '{}'
    end as calendar
) as rule
cross join lateral (
  select count(*) as count, array_agg(c.last_event_at + due * ms order by position) as due_at,
    array_agg(c.last_event_at + (due + later) * ms order by position) as at
  from (
    select position, value::bigint as due, (clock #>> array['4', position::text])::bigint as later
    from json_array_elements_text(coalesce(clock -> 4, '[]')) with ordinality as pair (value, position)
    where position % 2 = 1
  ) as firing
) as fired
cross join lateral (
  select percent as threshold, ceil(rule.target * percent / 100.0)::bigint as wanted
  from (select case when ended is null then rule.thresholds[fired.count + 1] end) as unfired (percent)
) as next
cross join lateral (
  select
    coalesce(sum(least(coalesce(upto, until), until) - since) filter (where since < until), 0) as total,
    max(since) filter (where ended is null and (upto is null or upto > until)) as since,
    min(since + next.wanted - before) filter (where upto is null or next.wanted <= before + upto - since) as due
  from (
    select since, upto, coalesce(sum(upto - since) over earlier, 0) as before
    from (
      select position, value::bigint as since, (clock #>> array['3', position::text])::bigint as upto
      from json_array_elements_text(coalesce(clock -> 3, '[]')) with ordinality as pair (value, position)
      where position % 2 = 1
    ) as one
    window earlier as (order by position rows between unbounded preceding and 1 preceding)
  ) as stretch
) as counted
cross join lateral (select c.last_event_at + (nullif(clock ->> 6, '0')::bigint + 1) * ms) as not_before (at);

comment on view clock is 'One row per clock of a case, in readable columns. Contains the open clocks, and the ended clocks that fired';
comment on column clock.holder is 'The company that must act on the case';
comment on column clock.start is 'The event, offer, page or promise that started this run of the clock. An event is named by topic and sequence';
comment on column clock.charged is 'The party that must act before the clock breaches';
comment on column clock.state is '`running`, `waiting` (paused), `breached` or `ended`';
comment on column clock.overtaken is 'An earlier event would have prevented the breach';
comment on column clock.calendar is 'The calendar whose open hours count; `24x7`: all hours';
comment on column clock.counted is 'The time that the clock was not paused until now on the timeline. A clock with opening hours has counted at most this time';
comment on column clock.counting_since is 'Null: the clock is paused';
comment on column clock.thresholds is 'In percent of the target, in rising order. The last threshold is the breach';
comment on column clock.fired_due_at is 'The deadlines of the thresholds that have fired, in order';
comment on column clock.fired_at is 'The instants at which the thresholds in fired_due_at fired';
comment on column clock.next_due_at is 'The deadline of the next threshold. Null: no deadline, or the clock counts in opening hours (see case_breach_at)';
comment on column clock.not_before is 'The instant of the last recomputation or reopening. The thresholds that have not fired are due at this instant at the earliest';
comment on column clock.case_breach_at is 'The deadline of the next breach of any clock of the case';
comment on column clock.case_read_at is 'The instant at which the scanner reads the case next';
