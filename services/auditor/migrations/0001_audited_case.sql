-- The state is json, not jsonb: it is read and written whole. The order of the columns leaves no padding between them.
create table audited_case (
  due_at timestamptz,
  partition smallint not null,
  line_version integer not null,
  audit_sequence integer not null,
  case_id text collate "C" primary key, -- rows are locked in this order, the same in every process
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
-- For the removal of an import.
create index audited_case_of_import on audited_case (timeline, case_id) where starts_with(timeline, 'imp_');

comment on table audited_case is 'One row per case: what had to fire in it, by the auditor''s own rules';
comment on column audited_case.due_at is 'On the case''s own timeline, the earliest instant at which something is or will be owed. Null: nothing by itself';
comment on column audited_case.audit_sequence is 'Of the case''s records on the audit topic';
