-- The ends and the reopenings come from the case topic, and the vendors come from the hand-off topic. Each change gets the last
-- holder and the last end before it.
create view holding as
with change as (
  select case_id, at, is_of_handoff, sequence, holder, is_ended,
    count(holder) over before as holders, count(is_ended) over before as ends, lead(at) over before as until
  from holder_change
  window before as (partition by case_id order by at, is_of_handoff, sequence)
), filled as (
  select case_id, at as held_from, until as held_until,
    first_value(holder) over (partition by case_id, holders order by at, is_of_handoff, sequence) as holder,
    first_value(is_ended) over (partition by case_id, ends order by at, is_of_handoff, sequence) as is_ended
  from change
)
select filled.case_id, coalesce(nullif(filled.holder, ''), carrier) as holder, held_from, held_until
from filled join reported_case using (case_id)
where filled.holder is not null and filled.is_ended is not true and (held_from < held_until or held_until is null);

comment on view holding is 'The intervals in which a company held a case. held_until is null while the company holds the case';
