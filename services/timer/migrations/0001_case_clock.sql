-- `state` is a list without names, a quarter as long as an object: a page holds three times as many rows, and the room that 15 % leaves
-- is enough for HOT updates. An event that only moves a deadline to a later instant leaves `due_at` alone, so that the index stays flat; the
-- scanner postpones what comes due too early. `breach_at` lies in no index, for the same reason.
create table case_clock (
  due_at timestamptz,
  last_event_at timestamptz not null,
  partition smallint not null,
  line_version integer not null,
  case_id text collate "C" primary key, -- rows are locked in this order, the same in every process
  timeline text collate "C" not null,
  carrier text not null,
  line_carrier text not null,
  line_name text not null,
  state json not null, -- json, not jsonb: it is read and written whole
  sights json,
  breach_at timestamptz
) with (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000,
  fillfactor = 85
);

-- The scanner reads one timeline and partition, the earliest first. The carrier stands behind the instant: a list of its cases passes over
-- those of others inside the index. An index of its own would be one more entry for each firing.
create index case_clock_due on case_clock (timeline, partition, due_at, carrier) where due_at is not null;
-- For the removal of an import: its cases, in the order in which cases are locked.
create index case_clock_of_import on case_clock (timeline, case_id) where starts_with(timeline, 'imp_');

comment on table case_clock is 'One row per case: everything that its clocks depend on, and when the scanner must read it next';
comment on column case_clock.due_at is 'Never later than the earliest due instant of the case, often earlier. Null: no clock fires by itself';
comment on column case_clock.state is 'See services/timer/src/store/stored-state.ts; instants are milliseconds from last_event_at';
comment on column case_clock.sights is 'Which company has which part in the case, and its earlier states. Null: before the first offer. Firing never changes it';
comment on column case_clock.breach_at is 'When the next breach is due, for the order of lists. Null: no clock breaches by itself';
