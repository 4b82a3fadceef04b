-- `state` is a list without names, a quarter as long as an object with names. A disk page therefore contains three times as many rows
-- with lists as it would contain with objects. The free 15 % of the page are enough for HOT updates. If an event only moves a
-- deadline to a later instant, `due_at` stays unchanged, so the index does not grow. If the scanner reads a case before its deadline,
-- the scanner moves `due_at` to the deadline. `breach_at` has no index, because each new deadline would add an entry to that index.
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

-- The scanner reads one timeline and partition, the earliest deadline first. In this index, the carrier comes after the instant. A
-- query for one carrier's cases therefore skips other carriers' cases within the index. With a separate index for carriers, each
-- firing would write one more index entry.
create index case_clock_due on case_clock (timeline, partition, due_at, carrier) where due_at is not null;
-- The removal of an import reads the cases in the order of their ids, the order of all locks.
create index case_clock_of_import on case_clock (timeline, case_id) where starts_with(timeline, 'imp_');

comment on table case_clock is 'One row per case: all data for its clocks, and the instant at which the scanner must read the row';
comment on column case_clock.due_at is 'The instant at which the scanner must read the row. Never later than the earliest deadline of the case, often earlier. Null: no clock has a deadline';
comment on column case_clock.state is 'The clocks as a list (see services/timer/src/store/stored-state.ts). Instants are milliseconds from last_event_at';
comment on column case_clock.sights is 'The parts of the companies in the case, and earlier states of its clocks. Null: the case had no offer. A firing never changes this column';
comment on column case_clock.breach_at is 'The deadline of the next breach, by which lists are sorted. Null: no breach has a deadline';
