-- `state` is a list without names, a quarter as long as an object. A disk page therefore holds three times as many rows, and its free
-- 15 % are enough for HOT updates. An event that only moves a deadline to a later instant leaves `due_at` unchanged, so the index does
-- not grow. The scanner postpones a case that it reads too early. `breach_at` has no index, because each new deadline would then add an
-- entry to it.
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
  state json not null, -- json, not jsonb: the timer reads and writes it as a whole
  sights json,
  breach_at timestamptz
) with (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000,
  fillfactor = 85
);

-- The scanner reads one timeline and partition, the earliest deadline first. The index has the carrier after the instant, so a list of
-- one carrier's cases skips the cases of other carriers within the index. A separate index would cost one more entry for each firing.
create index case_clock_due on case_clock (timeline, partition, due_at, carrier) where due_at is not null;
-- The removal of an import reads its cases in the order in which cases are locked.
create index case_clock_of_import on case_clock (timeline, case_id) where starts_with(timeline, 'imp_');

comment on table case_clock is 'One row per case: all data that its clocks need, and the instant at which the scanner must read it';
comment on column case_clock.due_at is 'Never later than the earliest deadline of the case, often earlier. Null: no clock has a deadline';
comment on column case_clock.state is 'See services/timer/src/store/stored-state.ts; instants are milliseconds from last_event_at';
comment on column case_clock.sights is 'The parts of the companies in the case, and earlier states of its clocks. Null: before the first offer. Firing never changes it';
comment on column case_clock.breach_at is 'The deadline of the next breach, for the order of lists. Null: no clock has such a deadline';
