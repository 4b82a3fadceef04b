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
