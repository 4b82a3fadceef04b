-- An assignment stays inside the holder, so it is no row of `crossing` and changes no holder. The person who claims it is not stored.
create table assignment (
  assigned_at timestamptz,
  claimed_at timestamptz,
  ended_at timestamptz,
  case_id text collate "C" not null,
  assignment_id text collate "C" primary key,
  pool text collate "C" not null,
  outcome text collate "C"
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000
);
create index assignment_of_case on assignment (case_id);

comment on table assignment is 'One row per assignment of a case to a pool of its carrier, and its end';
comment on column assignment.claimed_at is 'The first claim';
comment on column assignment.outcome is 'lapsed, or the reason of the release. Null: the assignment is open';
