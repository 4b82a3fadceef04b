-- The schema also has the tables of packages/{messaging,projection}/schema.sql.

-- One row per case: the clocks and expected firings that the auditor calculated
create table audited_case (
  due_at timestamp with time zone, -- The instant on the timeline of the case at which the judge must check the case. Null: no clock has a deadline
  partition smallint not null,
  line_version integer not null,
  audit_sequence integer not null, -- The last sequence of the case on the audit topic
  case_id text collate "C" not null,
  timeline text collate "C" not null,
  line_carrier text not null,
  line_name text not null,
  state json not null,
  constraint audited_case_pkey primary key (case_id)
) with (
  autovacuum_analyze_scale_factor=0.05,
  autovacuum_analyze_threshold=1000,
  autovacuum_vacuum_scale_factor=0,
  autovacuum_vacuum_threshold=1000,
  fillfactor=50
);
create index audited_case_due on audited_case using btree (timeline, partition, due_at) where (due_at is not null);
create index audited_case_of_import on audited_case using btree (timeline, case_id) where starts_with(timeline, 'imp_'::text);

-- Findings, the newest last
create table finding (
  id bigint generated always as identity not null,
  found_at timestamp with time zone not null,
  kind text not null,
  case_id text not null,
  timeline text not null,
  data json not null,
  constraint finding_pkey primary key (id)
);
create index finding_forged on finding using btree (case_id) where (kind = 'forged'::text);

-- Every firing that the timer has published, with the id that the auditor calculated
create table firing (
  firing_id text collate "C" not null,
  sequence integer not null, -- The sequence of the first record of the firing on the clock topic
  timeline text collate "C", -- The timeline, if it is an import. Null for other timelines
  constraint firing_pkey primary key (firing_id)
);
create index firing_of_import on firing using btree (timeline) where (timeline is not null);

-- The number of compared firings, by verdict and clock kind
create table tally (
  count bigint not null,
  partition smallint not null,
  what text not null, -- The verdict: `told` (as expected), `raced`, `overtaken`, `unsure`, `unaudited`, or the kind of a finding
  kind text not null, -- The clock kind
  constraint tally_pkey primary key (partition, what, kind)
) with (
  autovacuum_vacuum_scale_factor=0,
  autovacuum_vacuum_threshold=1000,
  fillfactor=50
);

-- The mark of each stepped timeline and import, by partition, and the instant of the last record
create table timeline_mark (
  mark timestamp with time zone, -- Null: the timeline has no mark
  heard_at timestamp with time zone not null, -- The instant at which the last record arrived, by Postgres' clock
  partition smallint not null,
  timeline text collate "C" not null,
  constraint timeline_mark_pkey primary key (timeline, partition)
) with (
  autovacuum_vacuum_scale_factor=0,
  autovacuum_vacuum_threshold=1000,
  fillfactor=50
);

-- The audit watermark of the wall timeline, by partition
create table watermark (
  until timestamp with time zone not null, -- The auditor has checked all deadlines before this instant
  beat_at timestamp with time zone not null, -- The instant of the last heartbeat
  sequence integer not null, -- The last sequence of `watermark/<partition>` on the audit topic
  partition smallint not null,
  constraint watermark_pkey primary key (partition)
) with (
  fillfactor=50
);
