-- The schema also has the tables of packages/{messaging,access,projection}/schema.sql.

-- One row per assignment of a case to a pool of its carrier, and its end
create table assignment (
  assigned_at timestamp with time zone,
  claimed_at timestamp with time zone, -- The first claim
  ended_at timestamp with time zone,
  case_id text collate "C" not null,
  assignment_id text collate "C" not null,
  pool text collate "C" not null,
  outcome text collate "C", -- lapsed, or the reason of the release. Null: the assignment is open
  constraint assignment_pkey primary key (assignment_id)
) with (
  autovacuum_analyze_scale_factor=0.02,
  autovacuum_analyze_threshold=1000,
  autovacuum_vacuum_scale_factor=0.02,
  autovacuum_vacuum_threshold=1000,
  fillfactor=70
);
create index assignment_of_case on assignment using btree (case_id);

-- One row per hand-off: the offer of a case to the queue of a vendor, and its end
create table crossing (
  offered_at timestamp with time zone,
  claimed_at timestamp with time zone, -- The first claim
  accepted_at timestamp with time zone,
  resolved_at timestamp with time zone,
  ended_at timestamp with time zone,
  case_id text collate "C" not null,
  handoff_id text collate "C" not null,
  vendor text collate "C" not null,
  queue text collate "C" not null,
  reason text collate "C", -- The reason for the offer, as in `handoff.offered`
  outcome text collate "C", -- rejected, lapsed, withdrawn, resolved, returned or transferred. Null: the hand-off is open
  code text collate "C", -- The code of the rejection, return or transfer
  constraint crossing_pkey primary key (handoff_id)
) with (
  autovacuum_analyze_scale_factor=0.02,
  autovacuum_analyze_threshold=1000,
  autovacuum_vacuum_scale_factor=0.02,
  autovacuum_vacuum_threshold=1000,
  fillfactor=70
);
create index crossing_of_case on crossing using btree (case_id);
create index crossing_of_vendor on crossing using btree (vendor, offered_at);

-- The device and the symptom of a case before a correction or merge changed them
create table former_device (
  corrected_at timestamp with time zone not null, -- The case had these values before this instant, and not from it on
  sequence integer not null,
  case_id text collate "C" not null,
  model text collate "C",
  os text collate "C",
  os_version text collate "C",
  symptom text collate "C",
  constraint former_device_pkey primary key (case_id, sequence)
);

-- The changes of the holder of a case, and the ends and reopenings of the case
create table holder_change (
  at timestamp with time zone not null,
  sequence integer not null,
  is_of_handoff boolean not null, -- False: a record of the case topic. True: a record of the hand-off topic
  is_ended boolean, -- True: the case ended, and no company holds it until it is reopened. Null: no change
  case_id text collate "C" not null,
  holder text collate "C", -- The vendor that holds the case from `at` on. Empty: the carrier. Null: the holder stays
  constraint holder_change_pkey primary key (case_id, is_of_handoff, sequence)
);

-- How far insight has read each partition
create table position (
  read_until timestamp with time zone, -- Every record that was on the topics before this instant is applied. Null: insight has not yet read the partition to its end
  partition smallint not null,
  constraint position_pkey primary key (partition)
) with (
  fillfactor=50
);

-- One row per promise of a company to the customer, without its text
create table promise (
  made_at timestamp with time zone,
  until timestamp with time zone, -- The end of the window. A delivery at exactly this instant is in time
  delivered_at timestamp with time zone,
  withdrawn_at timestamp with time zone,
  case_id text collate "C" not null,
  promise_id text collate "C" not null,
  promisor text collate "C" not null,
  is_kept boolean, -- Whether the delivery was in time. Null: the promise is not delivered
  constraint promise_pkey primary key (promise_id)
);
create index promise_of_case on promise using btree (case_id);
create index promise_of_promisor on promise using btree (promisor, until);

-- One row per case: the facts of the case topic that the reports count, without texts of people
create table reported_case (
  opened_at timestamp with time zone not null,
  resolved_at timestamp with time zone, -- The instant since which the case is resolved. Null after a reopening
  confirmed_at timestamp with time zone,
  ended_at timestamp with time zone,
  line_version integer not null,
  contacts integer not null, -- Inbound contacts of the customer. The opening is the first contact
  reopenings integer not null,
  is_canary boolean not null, -- True: a canary opened the case, and reports leave it out
  is_merged boolean not null, -- True: the case was merged into another case, and reports leave it out
  case_id text collate "C" not null,
  timeline text collate "C" not null,
  carrier text collate "C" not null,
  kind text collate "C" not null,
  severity text collate "C" not null,
  channel text collate "C" not null, -- The channel of the opening
  line_carrier text collate "C" not null,
  line_name text collate "C" not null,
  status text collate "C" not null,
  device_vendor text collate "C",
  model text collate "C",
  os text collate "C", -- The name of the operating system; os_version is its version
  os_version text collate "C",
  symptom text collate "C",
  constraint reported_case_pkey primary key (case_id)
) with (
  autovacuum_analyze_scale_factor=0.02,
  autovacuum_analyze_threshold=1000,
  autovacuum_vacuum_scale_factor=0.02,
  autovacuum_vacuum_threshold=1000,
  fillfactor=70
);
create index reported_case_of_carrier on reported_case using btree (timeline, carrier, opened_at);
