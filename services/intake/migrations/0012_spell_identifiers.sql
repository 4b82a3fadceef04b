-- Identifiers have one spelling: trimmed, and in Unicode's normal form C. A carrier's case id that would then be taken by another case
-- stays as it is; the case is found by its own id.
create function spelled(written text) returns text language sql immutable as $$
  select normalize(btrim(written, E' \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'), NFC)
$$;

with unspelled as (
  select id, timeline, carrier, spelled(carrier_case_id) as spelled,
    row_number() over (partition by timeline, carrier, spelled(carrier_case_id) order by opened_at, id) as nth
  from case_record where carrier_case_id <> spelled(carrier_case_id)
)
update case_record c
  set carrier_case_id = u.spelled,
    state = jsonb_set(c.state::jsonb, '{carrierCaseId}', to_jsonb(u.spelled))::json
  from unspelled u
  where c.id = u.id and u.nth = 1 and u.spelled <> '' and not exists (
    select from case_record other
    where other.timeline = u.timeline and other.carrier = u.carrier and other.carrier_case_id = u.spelled);

-- Customers' ids in another normal form are found by this one too, and cases of before by the customer's mail address. What a
-- contact or an entry of another company said of a customer's id was never looked up. Addresses beyond ASCII are left out: SQL folds
-- their letters in another way than intake does.
with told as (
  select id as case_id, carrier as author, state->'subject' as subject from case_record
  union all select case_id, author->>'party', subject from contact where subject is not null
  union all select case_id, author_party, subject from entry where subject is not null and audience <> 'internal'
),
identity as (
  select t.case_id, 'customer:' || spelled(t.subject->>'customerId') as name, c.timeline, c.carrier
  from told t join case_record c on c.id = t.case_id and c.carrier = t.author
  where t.subject->>'customerId' is not nfc normalized
  union
  select t.case_id, 'mail:' || lower(spelled(t.subject->>'email')), c.timeline, c.carrier
  from told t join case_record c on c.id = t.case_id
  where spelled(t.subject->>'email') ~ '^[!#-''*+./0-9=?A-Z^_`a-z{|}~-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*$'
)
insert into case_identity (timeline, identity, carrier, case_id, of_device)
select timeline, left(translate(encode(sha256(convert_to('crossline identity ' || name, 'UTF8')), 'base64'), '+/', '-_'), 22),
  carrier, case_id, false
from identity
on conflict do nothing;

drop function spelled;
