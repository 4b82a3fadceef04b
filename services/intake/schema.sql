-- The schema also has the tables of packages/{messaging,access,idempotency}/schema.sql.

-- The canaries of the carriers, each with its API key and the state of its runs (CanaryState)
create table canary (
  id text not null,
  carrier text not null,
  line text not null,
  channel text not null,
  every_ms bigint not null,
  within_ms bigint not null,
  key_id text not null,
  sealed_key text not null, -- The API key of the canary, encrypted with INTERNAL_KEY (AES-256-GCM)
  state json not null,
  running boolean not null, -- True: a run is in progress
  due_at timestamp with time zone not null, -- The time of the next run, or of the run in progress
  step_at timestamp with time zone not null, -- The time at which a worker takes the next step
  lease text, -- The worker that takes a step now. A worker that has lost its lease saves nothing
  lease_until timestamp with time zone,
  created_at timestamp with time zone not null,
  acknowledged_at timestamp with time zone, -- The end of the last run that was not missed. Null: no run was acknowledged
  constraint canary_pkey primary key (id),
  constraint canary_carrier_line_channel_key unique (carrier, line, channel),
  constraint canary_key_id_key unique (key_id)
);
create index canary_step on canary using btree (step_at);

-- Finds the cases of a device, a telephone number, a mail address or a customer
create table case_identity (
  timeline text collate "C" not null,
  identity text collate "C" not null, -- The first 132 bits of the SHA-256 of the identity, so that this table does not reveal the identity
  carrier text not null,
  of_device boolean not null, -- True: the identity belongs to the device. False: it belongs only to the customer
  case_id text collate "C" not null,
  constraint case_identity_pkey primary key (timeline, identity, case_id)
);
create index case_identity_of_case on case_identity using btree (case_id);

-- The companies that may read a case: its carrier, and the vendors to which it has crossed
create table case_party (
  party text not null,
  timeline text not null,
  opened_at timestamp with time zone not null,
  case_id text not null,
  as_of json, -- The case as of the instant at which the vendor's part ended, and that instant. Null: the party reads the current case
  over_at timestamp with time zone, -- The time of the last event of an ended case or of an ended view. Null: the case is open for the party
  constraint case_party_pkey primary key (party, timeline, opened_at, case_id)
);
create index case_party_open on case_party using btree (party, timeline, opened_at, case_id) where (over_at is null);
create index case_party_over on case_party using btree (party, timeline, over_at) where (over_at is not null);

-- One row per case, with the state that the domain decides on (CaseState)
create table case_record (
  id text not null,
  timeline text not null,
  carrier text not null,
  carrier_case_id text not null, -- The carrier's own id of the case, trimmed and in Unicode normal form C
  observe boolean not null, -- True: the line of the case is an observing line, so the case does not cross
  opened_at timestamp with time zone not null,
  status text not null,
  state json not null,
  last_event_at timestamp with time zone not null, -- Lists read this column, because reading the same value from 2,000 states took 200 ms
  canary_id text, -- The canary that opened the case. Null: the case is not the case of a canary
  constraint case_record_pkey primary key (id),
  constraint case_record_timeline_carrier_carrier_case_id_key unique (timeline, carrier, carrier_case_id)
) with (
  autovacuum_vacuum_scale_factor=0.02,
  autovacuum_vacuum_threshold=1000,
  fillfactor=70
);
create index case_record_canary on case_record using btree (canary_id, status) where ((canary_id is not null) and (status <> all (array['closed'::text, 'rejected'::text, 'cancelled'::text])));
create index case_record_open on case_record using btree (status) where ((status <> all (array['closed'::text, 'rejected'::text, 'cancelled'::text])) and (timeline = 'wall'::text));

-- Announced changes, with the state that the domain decides on (AnnouncedChange)
create table change (
  id text collate "C" not null,
  timeline text collate "C" not null,
  announced_at timestamp with time zone not null,
  parties text[] not null, -- The company that announced the change, and the affected companies
  awaiting text[] not null, -- The affected companies that have not confirmed the change; empty after its withdrawal
  state json not null,
  constraint change_pkey primary key (id)
);
create index change_of_party on change using gin (parties);

-- The cases that are linked to a change
create table change_case (
  change_id text collate "C" not null,
  opened_at timestamp with time zone not null,
  case_id text collate "C" not null,
  constraint change_case_pkey primary key (change_id, opened_at, case_id)
);

-- The carriers and symptoms of cases that a change can cause
create table change_effect (
  timeline text collate "C" not null,
  carrier text collate "C" not null,
  symptom text collate "C" not null,
  until_at timestamp with time zone not null, -- The last instant at which a case can be opened as a consequence of the change
  change_id text collate "C" not null,
  constraint change_effect_pkey primary key (timeline, carrier, symptom, until_at, change_id)
);

-- The devices and customers that a change lists, as hashes (hashIdentity)
create table change_identity (
  change_id text collate "C" not null,
  identity text collate "C" not null,
  constraint change_identity_pkey primary key (change_id, identity)
);

-- Contacts with the customer of a case. The opening is contact 1, which has no row in this table
create table contact (
  case_id text not null,
  number integer not null,
  id text not null,
  at timestamp with time zone not null,
  author json not null,
  channel text not null,
  direction text not null,
  content text not null,
  subject json, -- Personal data of the customer
  constraint contact_pkey primary key (case_id, number)
);

-- The links of customers, by case
create table customer_link (
  case_id text not null,
  generation integer not null, -- The number in the tokens of the valid links
  made integer not null, -- The number of links that were made in this generation
  constraint customer_link_pkey primary key (case_id)
);

-- The entries of a case's dossier
create table entry (
  case_id text not null,
  number integer not null, -- The number of the entry in its chain, from 1
  id text not null,
  at timestamp with time zone not null,
  kind text not null,
  audience text not null, -- `internal`: only for the author's company
  author_party text not null,
  author json not null,
  by text not null,
  news boolean not null,
  text text,
  step json,
  fact json,
  subject json,
  digest bytea, -- SHA-256 of a hypothesis, a fact or a tried step. A later entry with the same hash is a repetition and not news. Null: no later entry counts as a repetition of this entry
  previous text, -- The hash of the previous entry in the same chain. Null: the first entry
  hash text,
  attachment json,
  repeats json,
  step_key text, -- SHA-256 of a tried step and its parameters, in hex. The hash does not include the device, which is known from the case
  words_of json, -- The topic and sequence of the event that contains the text of this entry, for example a hand-off's question
  chain text collate "C" not null, -- `*`: the shared chain. A company's id: its internal chain
  place integer not null, -- The sequence of the event that added the entry. This sequence orders the entries of all chains of the case
  constraint entry_pkey primary key (case_id, chain, number)
);
create index entry_digest on entry using btree (case_id, digest) where (digest is not null);
create index entry_step on entry using btree (case_id, step_key) where (step_key is not null);

-- The periods in which a person of a company works on a case with the customer live
create table handling (
  id text not null,
  case_id text not null,
  number integer not null, -- The sequence of the event that started the handling
  party text not null,
  person text,
  channel text not null,
  started_at timestamp with time zone not null,
  last_beat_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint handling_pkey primary key (id)
) with (
  fillfactor=85
);
create index handling_of_case on handling using btree (case_id, number);

-- The mails of customers that intake has added to a case
create table inbound_mail (
  carrier text not null,
  timeline text not null,
  hash text collate "C" not null, -- SHA-256 of the message id, or of the content if the mail has no message id
  mailbox text not null, -- The mailbox that received the mail: `intake`, or the id of the case or message in the address
  case_id text not null,
  contact integer not null, -- The number of the contact after the mail. The last mail of a case has the highest number
  at timestamp with time zone not null,
  thread json, -- Subject, message id and references, which continue the thread in outbound messages. Null: an automatic mail, which no message continues
  constraint inbound_mail_pkey primary key (carrier, timeline, hash, mailbox)
);
create index inbound_mail_of_case on inbound_mail using btree (case_id, contact);

-- Incidents: alike cases of one carrier, of which only the lead case crosses
create table incident (
  id text not null,
  timeline text collate "C" not null,
  carrier text not null,
  scope_key text, -- The properties that alike cases share; null if later alike cases do not join
  opened_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  state jsonb not null, -- The state (IncidentState) with the lead, the members and the messages
  constraint incident_pkey primary key (id)
);
create index incident_of_carrier on incident using btree (carrier, timeline, opened_at desc, id);
create unique index incident_open on incident using btree (carrier, timeline, scope_key) where (ended_at is null);

-- Cases that can become members of an incident, by the properties that alike cases share
create table incident_candidate (
  timeline text collate "C" not null,
  carrier text not null,
  scope_key text not null, -- The properties that alike cases share
  opened_at timestamp with time zone not null,
  case_id text not null,
  constraint incident_candidate_pkey primary key (carrier, timeline, scope_key, opened_at, case_id)
);

-- The label and times of each API key, which the operator can read
create table key_record (
  key_id text not null,
  label text,
  created_at timestamp with time zone, -- Null: the key is the operator's own, which the configuration sets
  last_used_at timestamp with time zone, -- The time of the last use, saved at most a minute late. Null: the key was never used
  replaced_by text, -- The key that a rotation made in the place of this key. Null: the key was not rotated
  constraint key_record_pkey primary key (key_id)
);

-- The published lines of the carriers, every version; routing owns them
create table line (
  carrier text not null,
  name text not null,
  version integer not null,
  document json not null,
  calendars json, -- The calendars that the document names, by name, in the version at the publication of the line. Null: it names none
  mode text generated always as ((document ->> 'mode'::text)) stored not null,
  matches boolean generated always as (((document -> 'match'::text) is not null)) stored not null, -- True: the line has a match condition
  constraint line_pkey primary key (carrier, name, version)
);

-- The default line of each carrier
create table line_default (
  carrier text not null,
  name text not null,
  constraint line_default_pkey primary key (carrier)
);

-- The attached files of inbound mails
create table mail_attachment (
  case_id text not null,
  id text collate "C" not null,
  entry_number integer not null, -- The number of the attachment's entry in the shared chain. A reader of the entry may read the file
  name text not null,
  media_type text not null,
  bytes bytea not null,
  constraint mail_attachment_pkey primary key (case_id, id)
);

-- The secret with which intake signs the reply tokens and bounce addresses of this installation
create table mail_secret (
  place integer default 1 not null,
  secret text not null,
  constraint mail_secret_pkey primary key (place),
  constraint mail_secret_place_check check ((place = 1))
);

-- The changes of the outbound messages of a case
create table message_change (
  case_id text not null,
  place integer not null, -- The sequence of the event that changed the message. This sequence orders the changes of a case
  message_id text not null,
  at timestamp with time zone not null,
  type text not null, -- The type of the event: `message.…`, or `case.contacted` when the message was sent
  data json not null, -- The data of the event
  constraint message_change_pkey primary key (case_id, place)
);
create index message_change_of_message on message_change using btree (message_id);

-- Required items that a case lacked at its opening, if the line of the case counts missing items
create table missing_item (
  timeline text collate "C" not null,
  carrier text not null,
  kind text not null,
  channel text not null,
  item text not null,
  at timestamp with time zone not null,
  case_id text collate "C" not null,
  constraint missing_item_pkey primary key (timeline, carrier, kind, channel, item, at, case_id)
);

-- Problems: causes that several cases share
create table problem (
  problem_id text not null,
  timeline text collate "C" not null,
  carrier text not null,
  opened_at timestamp with time zone not null,
  status text not null,
  scope_key text, -- The scope as text (scopeKey); null: only linked cases belong to the problem
  ended_at timestamp with time zone, -- The last instant at which the problem was closed or cancelled. Counts of a scope begin after it
  state jsonb not null, -- The state of the problem (ProblemState)
  constraint problem_pkey primary key (problem_id)
);
create index problem_known_error on problem using btree (carrier) where (status = 'known-error'::text);
create index problem_of_carrier on problem using btree (carrier, timeline, opened_at desc, problem_id);
create unique index problem_open_scope on problem using btree (carrier, timeline, scope_key) where (status <> all (array['closed'::text, 'cancelled'::text]));

-- The cases that belong to a problem, and the cases that got the workaround of its known error
create table problem_case (
  problem_id text not null,
  role text not null, -- linked: the case belongs to the problem. offered: the case got the workaround
  case_id text collate "C" not null,
  at timestamp with time zone not null,
  outcome text, -- worked or failed: the last outcome of the workaround in this case
  constraint problem_case_pkey primary key (problem_id, role, case_id)
);

-- The events of problems: problem.changed and problem.overdue
create table problem_change (
  problem_id text not null,
  sequence integer not null,
  at timestamp with time zone not null,
  type text not null,
  data json not null,
  constraint problem_change_pkey primary key (problem_id, sequence)
);

-- Symptoms that returned after their fix: a reopened case, or a new case of the same device or customer
create table returned_symptom (
  timeline text collate "C" not null,
  carrier text not null,
  scope_key text not null, -- The scope of the problem that the symptom would open (scopeKey)
  at timestamp with time zone not null,
  case_id text collate "C" not null,
  sequence integer not null, -- The event of the case: its reopening, or 1 for the opening of a new case
  constraint returned_symptom_pkey primary key (timeline, carrier, scope_key, at, case_id, sequence)
);

-- Commands that intake has decided and not yet run
create table task (
  place bigint generated always as identity not null,
  timeline text not null,
  subject text not null, -- The id of the case, change, incident or problem. Tasks of one subject run in their order
  due_at timestamp with time zone, -- Null: the task is due at once
  body jsonb not null, -- The task (IntakeTask)
  failures integer default 0 not null,
  retry_at timestamp with time zone, -- Present after a failure: the task and the later tasks of its subject wait until this instant
  constraint task_pkey primary key (place)
);
create index task_due on task using btree (timeline, due_at nulls first);
create index task_of_subject on task using btree (subject, place);

-- Stepped timelines and imports
create table timeline (
  id text not null,
  owner text not null,
  parties text[], -- The parties that may use the timeline in addition to its owner. Null: all parties, if the owner is the operator
  mark timestamp with time zone, -- Stepped timeline: its now. Import: the instant at which its history ended, or null while rows can be imported
  marks integer default 0 not null, -- The sequence of the last published mark
  imported_rows bigint default 0 not null, -- Import: the number of the last imported row
  latest_at timestamp with time zone, -- Import: the latest time of all rows
  ended_at timestamp with time zone,
  constraint timeline_pkey primary key (id)
);

-- A vendor's contacts about a device for which the vendor has accepted no case yet. The contacts join a case when the vendor accepts that case
create table waiting_contact (
  contact_id text not null,
  timeline text collate "C" not null,
  vendor text not null,
  identities text[] not null, -- The hashes of the device or customer, in the same form as in case_identity
  contact json not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  constraint waiting_contact_pkey primary key (contact_id)
);
create index waiting_contact_by_age on waiting_contact using btree (created_at);
create index waiting_contact_of_device on waiting_contact using gin (identities);
