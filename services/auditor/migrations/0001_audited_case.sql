-- The state is json, not jsonb: the auditor reads and writes it as a whole. The order of the columns avoids padding.
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
-- The removal of an import reads its cases in this order.
create index audited_case_of_import on audited_case (timeline, case_id) where starts_with(timeline, 'imp_');

comment on table audited_case is 'One row per case: its clocks and expected firings, by the auditor''s own rules';
comment on column audited_case.due_at is 'The earliest deadline of an expected firing or clock, on the timeline of the case. Null: none';
comment on column audited_case.audit_sequence is 'The last sequence of the case on the audit topic';
