-- The state of a case at the end of a vendor's last part in it. Without a row the vendor reads the case as it is.
create table case_view (
  case_id text collate "C" not null,
  vendor text not null,
  as_of json not null,
  primary key (case_id, vendor)
);

-- The state of a case that crossed says which company has which part; promises are not known of cases from before.
update case_crossing c
  set state = (state::jsonb || jsonb_build_object('reading', jsonb_strip_nulls(jsonb_build_object(
    'carrier', c.carrier,
    'holder', case when old.ended then c.carrier else c.state->>'holder' end,
    'asked', case when old.ended then null else coalesce(c.state->'open'->>'vendor',
      case when c.state->'waits'->>'for' = 'handoff' then c.state->'waits'->'handoff'->>'vendor' end) end,
    'cured', case when old.ended then null else coalesce(c.state->'resolved'->>'vendor',
      case when c.state->'waits'->>'for' = 'confirmation' then c.state->'waits'->'handoff'->>'vendor' end,
      case when c.state->>'status' = 'reopened' and c.state->>'holder' = c.carrier then old.reopened end) end,
    'joint', (c.state->'joint'->'parties')::jsonb,
    'ended', old.ended, 'vendors', old.vendors, 'promised', '{}'::jsonb))))::json
  from (
    select case_id, to_jsonb(array_agg(distinct vendor)) as vendors,
      (array_agg(vendor order by offered_at desc) filter (where phase = 'reopened'))[1] as reopened,
      state->>'status' in ('closed', 'rejected', 'cancelled') as ended
    from case_crossing join handoff using (case_id) group by case_id
  ) as old
  where old.case_id = c.case_id;

-- Nothing is kept of earlier moments: a vendor whose part ended before this version reads the case as it is now, and no further.
insert into case_view (case_id, vendor, as_of)
select case_id, vendor, json_build_object('at', (extract(epoch from clock_timestamp()) * 1000)::bigint, 'state', state)
from (select distinct case_id, vendor from handoff) as part join case_crossing using (case_id)
where (state->'reading'->>'ended')::boolean or not (
  coalesce(state->'reading'->>'holder' = vendor, false) or coalesce(state->'reading'->>'asked' = vendor, false)
  or coalesce(state->'reading'->>'cured' = vendor, false) or coalesce((state->'reading'->'joint')::jsonb ? vendor, false));
