-- Everything that the clocks of a case depend on, and when the scanner must look at it again.
create table case_clock (
  -- Never later than the case's earliest due instant, often earlier: an event that only moves a deadline to a later one
  -- leaves it alone (so the update is HOT and the index stays flat), and the scanner puts off what came due too early.
  -- Null: no clock of the case will fire by itself.
  due_at timestamptz,
  last_event_at timestamptz not null,
  partition smallint not null,
  line_version integer not null,
  case_id text collate "C" primary key, -- rows are locked in this order, the same in every process
  timeline text collate "C" not null,
  carrier text not null,
  line_carrier text not null,
  line_name text not null,
  state json not null -- what the columns do not hold; json, not jsonb: it is read and written whole
) with (
  fillfactor = 50, -- room for HOT updates: 90 % of a generated import's were, at 85 39 %; the table was 5 % larger
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 1000
);
-- The wall and every mark look at one timeline and partition, the earliest first.
create index case_clock_due on case_clock (timeline, partition, due_at) where due_at is not null;
