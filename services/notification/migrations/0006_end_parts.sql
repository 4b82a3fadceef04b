-- Which companies have which part in the case; null before its first offer.
alter table case_record add column reading json;

-- The record that ended a vendor's last part: the vendor hears no later fact. Null while the vendor has a part.
alter table case_vendor
  add column until_at timestamptz,
  add column until_topic text,
  add column until_sequence bigint;

-- Of cases from before nothing says which parts have ended: a vendor keeps its part until a record that is read from now on ends it.
update case_record c set reading = json_build_object(
    'carrier', c.carrier, 'holder', c.carrier, 'ended', false, 'vendors', old.vendors, 'joint', old.vendors, 'promised', '{}'::json)
  from (select case_id, json_agg(vendor order by vendor) as vendors from case_vendor group by case_id) as old
  where c.case_id = old.case_id;
