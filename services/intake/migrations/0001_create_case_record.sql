-- One row per case, as packages/domain keeps it. `state` is the whole truth; the other columns are what is looked up by.
-- All but `status` never change, so that the updates of a case touch no index but the partial one.
create table case_record (
  id text primary key,
  timeline text not null,
  carrier text not null,
  carrier_case_id text not null,
  -- The case's line only measures: nothing crosses under it.
  observe boolean not null,
  opened_at timestamptz not null,
  status text not null,
  state json not null,
  unique (timeline, carrier, carrier_case_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- How many cases are open, by status, for the metrics; imports are not in it.
create index case_record_open on case_record (status)
  where status not in ('closed', 'rejected', 'cancelled') and timeline = 'wall';

-- No foreign keys to case_record here and in the dossier: each would be a lock of the case and a write of its row (rows are
-- only ever added under the lock of their case, and cases are never deleted).
-- Who may see a case: its carrier, and the vendors that it crossed to. For lists, newest first.
create table case_party (
  party text not null,
  timeline text not null,
  opened_at timestamptz not null,
  case_id text not null,
  primary key (party, timeline, opened_at, case_id)
);
