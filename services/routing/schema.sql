-- The schema also has the tables of packages/{messaging,access,idempotency,projection}/schema.sql.

-- All versions of the calendars of all parties
create table calendar (
  party text not null,
  name text not null,
  version integer not null,
  document json not null,
  created_at timestamp with time zone not null,
  constraint calendar_pkey primary key (party, name, version)
);

-- One row per case: the domain's CaseCrossing, with the holder and the other data that decide its hand-offs
create table case_crossing (
  case_id text collate "C" not null,
  timeline text collate "C" not null,
  carrier text not null,
  state json not null,
  constraint case_crossing_pkey primary key (case_id)
) with (
  autovacuum_vacuum_scale_factor=0,
  autovacuum_vacuum_threshold=1000,
  fillfactor=70
);

-- The case at the end of a vendor's last part. If there is no row, the vendor reads the current case
create table case_view (
  case_id text collate "C" not null,
  vendor text not null,
  as_of json not null,
  constraint case_view_pkey primary key (case_id, vendor)
);

-- The contact methods that this installation can use, as notification published them last
create table dialling (
  only_one boolean default true not null,
  mail boolean not null,
  private_addresses text not null,
  constraint dialling_pkey primary key (only_one),
  constraint dialling_only_one_check check (only_one),
  constraint dialling_private_addresses_check check ((private_addresses = any (array['refuse'::text, 'allow'::text])))
);

-- All hand-offs, open and ended, with phase and times
create table handoff (
  handoff_id text collate "C" not null,
  case_id text collate "C" not null,
  timeline text collate "C" not null,
  vendor text not null,
  queue text not null,
  mode text not null,
  step smallint not null,
  attempt smallint not null,
  reason text not null,
  phase text not null,
  offered_at timestamp with time zone not null,
  accept_by timestamp with time zone,
  claimed_at timestamp with time zone, -- The instant of the latest claim
  lease_until timestamp with time zone, -- Set while the hand-off is claimed
  accepted_at timestamp with time zone,
  ended_at timestamp with time zone,
  settled_at timestamp with time zone, -- The instant at which the customer confirmed the fix or the case was reopened
  acceptance json, -- The engineer's acceptance, with its subject block
  ending json, -- The code, fix code, reason and note with which the hand-off ended
  cause json, -- The clock or trigger that made the case cross, with its deadline and firing
  constraint handoff_pkey primary key (handoff_id),
  constraint handoff_check check (((ended_at is null) = (phase = any (array['offered'::text, 'claimed'::text, 'info-requested'::text, 'accepted'::text])))),
  constraint handoff_phase_check check ((phase = any (array['offered'::text, 'claimed'::text, 'info-requested'::text, 'accepted'::text, 'rejected'::text, 'lapsed'::text, 'withdrawn'::text, 'returned'::text, 'transferred'::text, 'resolved'::text, 'confirmed'::text, 'reopened'::text])))
) with (
  autovacuum_vacuum_scale_factor=0,
  autovacuum_vacuum_threshold=1000,
  fillfactor=80
);
create index handoff_accepted_of_queue on handoff using btree (vendor, timeline, queue, accepted_at) where (accepted_at is not null);
create index handoff_of_case on handoff using btree (case_id, offered_at);
create unique index handoff_open_of_case on handoff using btree (case_id) where (ended_at is null);
create index handoff_open_of_queue on handoff using btree (vendor, timeline, queue, offered_at, handoff_id) where (ended_at is null);

-- How often a fix solved a symptom of a model
create table known_error (
  timeline text collate "C" not null,
  vendor text not null,
  symptom text not null,
  model text not null,
  fix_code text not null,
  cures integer not null,
  constraint known_error_pkey primary key (timeline, vendor, symptom, model, fix_code)
);

-- The published lines of the carriers, every version; routing owns them
create table line (
  carrier text not null,
  name text not null,
  version integer not null,
  document json not null,
  calendars json, -- The calendars that the document names, by name, in the version at the publication of the line. Null: it names none
  created_at timestamp with time zone not null,
  constraint line_pkey primary key (carrier, name, version)
);

-- The default line of each carrier
create table line_default (
  carrier text not null,
  name text not null,
  sequence bigint not null, -- The sequence of the last record of the default line on the line topic
  constraint line_default_pkey primary key (carrier)
);

-- The cases that the trigger skill.missing sent to a pool or a queue, by the person without the skill
create table missing_skill (
  party text not null,
  person text collate "C" not null,
  left_at timestamp with time zone not null,
  case_id text collate "C" not null,
  sequence integer not null, -- The sequence of the event on the hand-off topic
  timeline text collate "C" not null,
  level smallint not null,
  went_to text not null, -- The target of the line step: pool:<name> or queue:<vendor>.<team>
  constraint missing_skill_pkey primary key (party, person, left_at, case_id, sequence)
);

-- The queues that vendors have opened or closed by name
create table open_queue (
  queue text not null,
  vendor text not null,
  carriers text[], -- The carriers to which the queue is open. Null: all; empty: none
  changed_at timestamp with time zone default clock_timestamp() not null,
  constraint open_queue_pkey primary key (queue)
);
create index open_queue_of_vendor on open_queue using btree (vendor);

-- The pools of all parties: groups of people inside a company, by the names of their rosters
create table pool (
  party text not null,
  name text not null,
  document json not null,
  changed_at timestamp with time zone not null,
  constraint pool_pkey primary key (party, name)
);

-- All assignments to pools, open and ended, with phase and times
create table pool_assignment (
  assignment_id text collate "C" not null,
  case_id text collate "C" not null,
  timeline text collate "C" not null,
  party text not null,
  pool text not null,
  mode text not null,
  step smallint not null,
  attempt smallint not null,
  reason text not null,
  cause json, -- The clock or trigger that caused the assignment, with the person who lacks the skill
  phase text not null,
  assigned_at timestamp with time zone not null,
  accept_by timestamp with time zone,
  claimed_at timestamp with time zone, -- The instant of the latest claim
  claimed_by text,
  lease_until timestamp with time zone, -- Set while the assignment is claimed
  ended_at timestamp with time zone,
  ended_reason text, -- The reason of a release
  constraint pool_assignment_pkey primary key (assignment_id),
  constraint pool_assignment_check check (((ended_at is null) = (phase = any (array['assigned'::text, 'claimed'::text])))),
  constraint pool_assignment_phase_check check ((phase = any (array['assigned'::text, 'claimed'::text, 'released'::text, 'lapsed'::text])))
) with (
  fillfactor=80
);
create index pool_assignment_of_case on pool_assignment using btree (case_id, assigned_at);
create unique index pool_assignment_open_of_case on pool_assignment using btree (case_id) where (ended_at is null);
create index pool_assignment_open_of_pool on pool_assignment using btree (party, timeline, pool, assigned_at, assignment_id) where (ended_at is null);

-- The last read of each queue over REST
create table queue_read (
  queue text not null,
  last_read_at timestamp with time zone not null, -- The last read that routing has saved. Later reads of the last minute may be missing
  constraint queue_read_pkey primary key (queue)
);

-- The test pages that each person received in the last hour
create table ring_test_person (
  party text not null,
  person text not null,
  rung_at timestamp with time zone not null
);
create index ring_test_person_of_party on ring_test_person using btree (party, person, rung_at);

-- All versions of the rosters of all parties
create table roster (
  party text not null,
  name text not null,
  version integer not null,
  document json not null,
  created_at timestamp with time zone not null,
  counted boolean not null,
  constraint roster_pkey primary key (party, name, version)
);

-- Each change of the skills of a person, with its actor and its instant
create table skill_change (
  party text not null,
  number bigint generated always as identity not null,
  person text collate "C" not null,
  changed_at timestamp with time zone not null,
  actor_party text not null,
  actor_person text,
  upload text, -- The upload of a full set that made the change; null for a single request
  before json, -- Null: the person had no skills
  after json, -- Null: the person was removed
  constraint skill_change_pkey primary key (party, number)
);
create index skill_change_of_person on skill_change using btree (party, person, number);

-- The uploads of skills of the last day
create table skill_upload (
  id text not null,
  party text not null,
  mode text not null,
  actor_person text,
  opened_at timestamp with time zone not null,
  applied_at timestamp with time zone,
  counts json, -- The result; null until the upload is applied
  constraint skill_upload_pkey primary key (id)
);
create index skill_upload_of_party on skill_upload using btree (party, opened_at);
create index skill_upload_opened on skill_upload using btree (opened_at);

-- The people of an upload, whose skills have no effect until the upload is applied
create table skill_upload_person (
  upload text not null,
  person text collate "C" not null,
  skills json not null,
  constraint skill_upload_person_pkey primary key (upload, person),
  constraint skill_upload_person_upload_fkey foreign key (upload) references skill_upload(id) on delete cascade
);

-- The people of a party who have skills, by the party's own ids. There are no names
create table skilled_person (
  party text not null,
  person text collate "C" not null,
  skills json not null,
  changed_at timestamp with time zone not null,
  constraint skilled_person_pkey primary key (party, person)
);

-- The queues that a vendor's desk can list
create table vendor_queue (
  vendor text not null,
  timeline text collate "C" not null,
  queue text not null,
  constraint vendor_queue_pkey primary key (vendor, timeline, queue)
);
