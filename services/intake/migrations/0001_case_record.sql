-- `state` contains all data of a case. The other columns exist for queries. `status` is the only indexed column that an event can
-- change, so an update that keeps `status` is a heap-only (HOT) update. No table of this schema has a foreign key to this table. With a
-- foreign key, each insert would lock the case and write to its row. The schema needs no foreign key for two reasons. Rows are added
-- only under the lock of their case. Cases are deleted only if their import is removed.
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

-- The metric of open cases by status reads this index. The metric does not count the cases of imports.
create index case_record_open on case_record (status)
  where status not in ('closed', 'rejected', 'cancelled') and timeline = 'wall';

comment on table case_record is 'One row per case, with the state that the domain decides on (CaseState)';
comment on column case_record.carrier_case_id is 'The carrier''s own id of the case, trimmed and in Unicode normal form C';
comment on column case_record.observe is 'True: the line of the case is an observing line, so the case does not cross';
comment on column case_record.last_event_at is 'Lists read this column, because reading the same value from 2,000 states took 200 ms';
