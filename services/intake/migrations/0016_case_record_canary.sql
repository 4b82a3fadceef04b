-- Lists and counts leave out the cases of canaries. A column is necessary, because a condition on the state parses the state of every
-- case that a query examines.
alter table case_record add column canary_id text;
create index case_record_canary on case_record (canary_id, status)
  where canary_id is not null and status not in ('closed', 'rejected', 'cancelled');

comment on column case_record.canary_id is 'The canary that opened the case. Null: the case is not the case of a canary';
