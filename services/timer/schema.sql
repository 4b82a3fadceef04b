-- The schema also has the tables of packages/{messaging,access,projection}/schema.sql.

-- One row per case: everything that its clocks depend on, and when the scanner must read it next
create table case_clock (
  due_at timestamp with time zone, -- Never later than the earliest due instant of the case, often earlier. Null: no clock fires by itself
  last_event_at timestamp with time zone not null,
  partition smallint not null,
  line_version integer not null,
  case_id text collate "C" not null,
  timeline text collate "C" not null,
  carrier text not null,
  line_carrier text not null,
  line_name text not null,
  state json not null, -- See services/timer/src/store/stored-state.ts; instants are milliseconds from last_event_at
  sights json, -- Which company has which part in the case, and its earlier states. Null: before the first offer. Firing never changes it
  breach_at timestamp with time zone, -- When the next breach is due, for the order of lists. Null: no clock breaches by itself
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

-- The vendors that a case crossed to: they may read its clocks
create table case_party (
  case_id text collate "C" not null,
  party text not null,
  as_of json, -- The clocks at the end of the vendor's last part. Null: the vendor reads them as they are
  constraint case_party_pkey primary key (case_id, party)
);
create index case_party_reading on case_party using btree (party, case_id) where (as_of is null);

-- One row per clock of a case, in columns that a person can read: those that run and those that have fired and ended
create view clock (
  case_id text collate "C",
  timeline text collate "C",
  partition smallint,
  carrier text,
  holder text, -- The party that has the case
  status text,
  severity text,
  line text,
  clock text,
  kind text,
  start text, -- The fact that started this run of the clock: an event by topic and sequence, an offer, a page or a promise
  charged text, -- The party whose time it is
  state text, -- `running`, `waiting` (nothing counts now), `breached`, `ended`
  overtaken boolean, -- Its breach came too late to count
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  target interval,
  calendar text, -- Whose hours count; `24x7`: all
  counted interval, -- Until the timeline's now, without regard to the calendar: a clock with opening hours has counted at most this
  counting_since timestamp with time zone, -- Null: nothing counts now
  thresholds integer[], -- In percent of the target, the breach last
  fired_due_at timestamp with time zone[], -- When each threshold that has fired was due, in the order of thresholds
  fired_at timestamp with time zone[], -- When each of them fired
  next_threshold integer,
  next_due_at timestamp with time zone, -- When the next threshold is due by what is counted so far. Null: not by itself, or the clock counts in opening hours: see case_breach_at
  not_before timestamp with time zone, -- The clock was changed then: what has not fired is due no earlier
  case_breach_at timestamp with time zone, -- When the next breach of any clock of the case is due
  case_read_at timestamp with time zone, -- When the scanner reads the case next
  last_event_at timestamp with time zone
);

-- Open cases that no clock will fire for, which must not be: a row is an alarm
create table clockless_case (
  case_id text collate "C" not null,
  since timestamp with time zone default clock_timestamp() not null,
  constraint clockless_case_pkey primary key (case_id)
);

-- Where the internal entries of a case are on the case topic
create table internal_entry (
  case_id text collate "C" not null,
  sequence integer not null,
  party text not null, -- The company that reads the entry
  before_at timestamp with time zone not null, -- The last event before it
  handoff integer not null, -- How many records of the hand-off topic had been applied by then
  constraint internal_entry_pkey primary key (case_id, sequence)
);
