-- A vendor whose last part in a case has ended reads the case as of that moment: `as_of` is the case as it was then, with the instant.
-- Null: the party reads the case as it is.
alter table case_party add column as_of json;

-- The state of a case that crossed says which company has which part (`reading`), where it listed the vendors before. A cure counts as a
-- part where one vendor alone had the case and it is not confirmed.
create function reading_of_state(state jsonb, status text) returns jsonb language sql immutable as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'carrier', state->'carrier',
    'holder', case when ended then state->'carrier' else state->'holder' end,
    'asked', case when ended then null else state->'handoff'->'vendor' end,
    'cured', case
      when status in ('resolved', 'reopened') and state->'holder' = state->'carrier'
        and jsonb_array_length(state->'crossedTo') = 1 and state->'heldMs' ? (state->'crossedTo'->>0)
      then state->'crossedTo'->0 end,
    'joint', state->'joint'->'parties',
    'ended', ended,
    'vendors', state->'crossedTo',
    'promised', coalesce((
      select jsonb_object_agg(promise->>'id', promise->'promisor')
      from jsonb_array_elements(state->'promises') as promise
      where promise->>'state' = 'open' and promise->'promisor' <> state->'carrier'), '{}')))
  from (select status in ('closed', 'rejected', 'cancelled') as ended) as it
$$;

update case_record
  set state = (state::jsonb - 'crossedTo' || jsonb_build_object('reading', reading_of_state(state::jsonb, status)))::json
  where json_array_length(state->'crossedTo') > 0;

-- Nothing is kept of earlier moments: a vendor whose part ended before this version reads the case as it is now, and no further.
update case_party p
  set as_of = json_build_object('at', (extract(epoch from clock_timestamp()) * 1000)::bigint, 'state', c.state)
  from case_record c
  where c.id = p.case_id and p.party <> c.carrier and ((c.state->'reading'->>'ended')::boolean or not (
    coalesce(c.state->'reading'->>'holder' = p.party, false) or coalesce(c.state->'reading'->>'asked' = p.party, false)
    or coalesce(c.state->'reading'->>'cured' = p.party, false)
    or coalesce((c.state->'reading'->'joint')::jsonb ? p.party, false)));

drop function reading_of_state;
