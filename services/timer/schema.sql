-- The schema also has the tables of packages/{messaging,access,projection}/schema.sql.

-- One row per case: all data for its clocks, and the instant at which the scanner must read the row
create table case_clock (
  due_at timestamp with time zone, -- The instant at which the scanner must read the row. Never later than the earliest deadline of the case, often earlier. Null: no clock has a deadline
  last_event_at timestamp with time zone not null,
  partition smallint not null,
  line_version integer not null,
  case_id text collate "C" not null,
  timeline text collate "C" not null,
  carrier text not null,
  line_carrier text not null,
  line_name text not null,
  state json not null, -- The clocks as a list (see services/timer/src/store/stored-state.ts). Instants are milliseconds from last_event_at
  sights json, -- The parts of the companies in the case, and earlier states of its clocks. Null: the case had no offer. A firing never changes this column
  breach_at timestamp with time zone, -- The deadline of the next breach, by which lists are sorted. Null: no breach has a deadline
  constraint case_clock_pkey primary key (case_id)
) with (
  autovacuum_analyze_scale_factor=0.05,
  autovacuum_analyze_threshold=1000,
  autovacuum_vacuum_scale_factor=0,
  autovacuum_vacuum_threshold=1000,
  fillfactor=85
);
create index case_clock_due on case_clock using btree (timeline, partition, due_at, carrier) where (due_at is not null);
create index case_clock_of_import on case_clock using btree (timeline, case_id) where starts_with(timeline, 'imp_'::text);

-- The vendors that received an offer of a case, and the clocks that each vendor may read
create table case_party (
  case_id text collate "C" not null,
  party text not null,
  as_of json, -- The clocks at the end of the vendor's last part. Null: the vendor reads the current clocks
  constraint case_party_pkey primary key (case_id, party)
);
create index case_party_reading on case_party using btree (party, case_id) where (as_of is null);

-- One row per clock of a case, in readable columns. Contains the open clocks, and the ended clocks that fired
create view clock (
  case_id text collate "C",
  timeline text collate "C",
  partition smallint,
  carrier text,
  holder text, -- The company that must act on the case
  status text,
  severity text,
  line text,
  clock text,
  kind text,
  start text, -- The event, offer, page or promise that started this run of the clock. An event is named by topic and sequence
  charged text, -- The party that must act before the clock breaches
  state text, -- `running`, `waiting` (paused), `breached` or `ended`
  overtaken boolean, -- An earlier event would have prevented the breach
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  target interval,
  calendar text, -- The calendar whose open hours count; `24x7`: all hours
  counted interval, -- The time that the clock was not paused until now on the timeline. A clock with opening hours has counted at most this time
  counting_since timestamp with time zone, -- Null: the clock is paused
  thresholds integer[], -- In percent of the target, in rising order. The last threshold is the breach
  fired_due_at timestamp with time zone[], -- The deadlines of the thresholds that have fired, in order
  fired_at timestamp with time zone[], -- The instants at which the thresholds in fired_due_at fired
  next_threshold integer,
  next_due_at timestamp with time zone, -- The deadline of the next threshold. Null: no deadline, or the clock counts in opening hours (see case_breach_at)
  not_before timestamp with time zone, -- The instant of the last recomputation or reopening. The thresholds that have not fired are due at this instant at the earliest
  case_breach_at timestamp with time zone, -- The deadline of the next breach of any clock of the case
  case_read_at timestamp with time zone, -- The instant at which the scanner reads the case next
  last_event_at timestamp with time zone
);

-- Open cases without a clock that will fire. The rules do not allow such cases, so each row is an alarm
create table clockless_case (
  case_id text collate "C" not null,
  since timestamp with time zone default clock_timestamp() not null,
  constraint clockless_case_pkey primary key (case_id)
);

-- The sequences of internal entries on the case topic
create table internal_entry (
  case_id text collate "C" not null,
  sequence integer not null,
  party text not null, -- The company that may read the entry
  before_at timestamp with time zone not null, -- The instant of the last event before the entry
  handoff integer not null, -- The number of records of the hand-off topic that were applied before the entry
  constraint internal_entry_pkey primary key (case_id, sequence)
);
