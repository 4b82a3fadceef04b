-- The state is json, not jsonb, because the auditor reads and writes the state as a whole. In this order of the columns, Postgres
-- adds no padding.
create table audited_case (
  due_at timestamptz,
  partition smallint not null,
  line_version integer not null,
  audit_sequence integer not null,
  case_id text collate "C" primary key, -- every process locks rows in this order
  timeline text collate "C" not null,
  line_carrier text not null,
  line_name text not null,
  state json not null
) with (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000
);
create index audited_case_due on audited_case (timeline, partition, due_at) where due_at is not null;
-- The removal of an import reads the cases in the order of their ids.
create index audited_case_of_import on audited_case (timeline, case_id) where starts_with(timeline, 'imp_');

comment on table audited_case is 'One row per case: the clocks and expected firings that the auditor calculated';
comment on column audited_case.due_at is 'The instant on the timeline of the case at which the judge must check the case. Null: no clock has a deadline';
comment on column audited_case.audit_sequence is 'The last sequence of the case on the audit topic';
