-- Which companies have which part in the case, and the states before its last records; null before the first offer. Firing never touches it.
alter table case_clock add column sights json;

-- The clocks of a case at the end of a vendor's last part; null while the vendor reads them as they are.
alter table case_party add column as_of json;

-- Of a case from before, the state says the holder, the open hand-off and the status; a cure that is not confirmed is not known.
update case_clock c set sights = json_build_object('reading', jsonb_strip_nulls(jsonb_build_object(
    'carrier', c.carrier, 'holder', case when old.ended then c.carrier else old.holder end,
    'asked', case when old.ended then null else old.asked end,
    'ended', old.ended, 'vendors', old.vendors, 'promised', '{}'::jsonb)))
  from (
    select case_id, vendors,
      case when is_list then coalesce(nullif(state->>7, '0'), carrier) else state->>'holder' end as holder,
      case when is_list and json_typeof(state->11) = 'object' then state->11->'handoff'->>'vendor' end as asked,
      case when is_list then state->>1 in ('c', 'j', 'x') else state->>'status' in ('closed', 'rejected', 'cancelled') end as ended
    from (
      select case_id, carrier, state, json_typeof(state) = 'array' as is_list, to_jsonb(array_agg(party order by party)) as vendors
      from case_clock join case_party using (case_id) group by case_id
    ) as crossed
  ) as old
  where c.case_id = old.case_id;

update case_party p
  set as_of = json_build_object(
    'at', (extract(epoch from clock_timestamp()) * 1000)::bigint, 'lastEventAt', (extract(epoch from c.last_event_at) * 1000)::bigint,
    'line', json_build_object('carrier', c.line_carrier, 'name', c.line_name, 'version', c.line_version), 'state', c.state)
  from case_clock c
  where c.case_id = p.case_id and ((c.sights->'reading'->>'ended')::boolean
    or p.party not in (c.sights->'reading'->>'holder', coalesce(c.sights->'reading'->>'asked', '')));
