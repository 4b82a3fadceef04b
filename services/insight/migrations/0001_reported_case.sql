-- Only the records of the case topic change a row. The records of the hand-off topic have tables of their own. Each row therefore
-- has the same content in whatever order insight reads the two topics. A rebuild gives the same rows.
create table reported_case (
  opened_at timestamptz not null,
  resolved_at timestamptz,
  confirmed_at timestamptz,
  ended_at timestamptz,
  line_version integer not null,
  contacts integer not null,
  reopenings integer not null,
  is_canary boolean not null,
  is_merged boolean not null,
  case_id text collate "C" primary key,
  timeline text collate "C" not null,
  carrier text collate "C" not null,
  kind text collate "C" not null,
  severity text collate "C" not null,
  channel text collate "C" not null,
  line_carrier text collate "C" not null,
  line_name text collate "C" not null,
  status text collate "C" not null,
  device_vendor text collate "C",
  model text collate "C",
  os text collate "C",
  os_version text collate "C",
  symptom text collate "C"
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000
);
-- A report reads the cases of one carrier that were opened before the end of its period. The removal of an import reads the cases
-- of a timeline.
create index reported_case_of_carrier on reported_case (timeline, carrier, opened_at);

comment on table reported_case is 'One row per case: the facts of the case topic that the reports count, without texts of people';
comment on column reported_case.channel is 'The channel of the opening';
comment on column reported_case.contacts is 'Inbound contacts of the customer. The opening is the first contact';
comment on column reported_case.resolved_at is 'The instant since which the case is resolved. Null after a reopening';
comment on column reported_case.is_canary is 'True: a canary opened the case, and reports leave it out';
comment on column reported_case.is_merged is 'True: the case was merged into another case, and reports leave it out';
comment on column reported_case.os is 'The name of the operating system; os_version is its version';
