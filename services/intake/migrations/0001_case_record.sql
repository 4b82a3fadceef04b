-- `state` has all data of a case; the other columns serve queries. Only the partial index has a column that changes with each event, so
-- an update stays HOT. No table of this schema has a foreign key to this table, because each insert would then lock the case and write
-- its row. (Rows are only added under the lock of their case, and only the cases of a removed import are deleted.)
create table case_record (
  id text primary key,
  timeline text not null,
  carrier text not null,
  carrier_case_id text not null,
  observe boolean not null,
  opened_at timestamptz not null,
  status text not null,
  state json not null,
  last_event_at timestamptz not null,
  unique (timeline, carrier, carrier_case_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- For the metric of open cases by status, without imports.
create index case_record_open on case_record (status)
  where status not in ('closed', 'rejected', 'cancelled') and timeline = 'wall';

comment on table case_record is 'One row per case, with the state that the domain decides on (CaseState)';
comment on column case_record.carrier_case_id is 'The carrier''s own id of the case, trimmed and in Unicode normal form C';
comment on column case_record.observe is 'True: the line of the case only measures, so the case does not cross';
comment on column case_record.last_event_at is 'A column for lists, because reading the value from 2,000 states took 200 ms';
