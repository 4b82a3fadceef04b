-- What had to fire in a case, by the auditor's own reckoning, and when it must be looked at.
create table audited_case (
  -- On the case's own timeline: the earliest instant at which something is or will be owed. Null: nothing by itself.
  due_at timestamptz,
  partition smallint not null,
  line_version integer not null,
  audit_sequence integer not null, -- of the case's records on the audit topic
  case_id text collate "C" primary key, -- rows are locked in this order, the same in every process
  timeline text collate "C" not null,
  line_carrier text not null,
  line_name text not null,
  state json not null -- json, not jsonb: it is read and written whole
) with (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000
);
create index audited_case_due on audited_case (timeline, partition, due_at) where due_at is not null;

-- Every firing that was told, by the identity that it must have: the second one of it is doubled.
create table firing (
  firing_id text collate "C" primary key,
  sequence integer not null -- of the record on the clock topic
);
