-- The schema also has the tables of packages/{messaging,access,idempotency}/schema.sql.

-- Which cases a device, a telephone number, a mail address or a customer has
create table case_identity (
  timeline text collate "C" not null,
  identity text collate "C" not null, -- The first 132 bits of a SHA-256: the identity cannot be read from it
  carrier text not null,
  of_device boolean not null, -- The identity is of the device, and not of the customer alone
  case_id text collate "C" not null,
  constraint case_identity_pkey primary key (timeline, identity, case_id)
);
create index case_identity_of_case on case_identity using btree (case_id);

-- Which companies may read a case: its carrier, and the vendors that it crossed to
create table case_party (
  party text not null,
  timeline text not null,
  opened_at timestamp with time zone not null,
  case_id text not null,
  as_of json, -- The case at the end of a vendor's last part, with that instant. Null: the party reads the case as it is
  over_at timestamp with time zone, -- The last event of an ended case, or of a vendor's view. Null: the case goes on for the party
  constraint case_party_pkey primary key (party, timeline, opened_at, case_id)
);
create index case_party_open on case_party using btree (party, timeline, opened_at, case_id) where (over_at is null);
create index case_party_over on case_party using btree (party, timeline, over_at) where (over_at is not null);

-- One row per case: its state as the domain keeps it (CaseState)
create table case_record (
  id text not null,
  timeline text not null,
  carrier text not null,
  carrier_case_id text not null, -- The carrier's own number of the case, trimmed and in Unicode's normal form C
  observe boolean not null, -- The line of the case only measures: nothing crosses under it
  opened_at timestamp with time zone not null,
  status text not null,
  state json not null,
  last_event_at timestamp with time zone not null, -- For lists: reading it out of 2,000 states took 200 ms
  constraint case_record_pkey primary key (id),
  constraint case_record_timeline_carrier_carrier_case_id_key unique (timeline, carrier, carrier_case_id)
) with (
  autovacuum_vacuum_scale_factor=0.02,
  autovacuum_vacuum_threshold=1000,
  fillfactor=70
);
create index case_record_open on case_record using btree (status) where ((status <> all (array['closed'::text, 'rejected'::text, 'cancelled'::text])) and (timeline = 'wall'::text));

-- Contacts with the customer of a case. The opening is contact number 1 and has no row
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

-- The entries of a case's dossier
create table entry (
  case_id text not null,
  number integer not null, -- The place in its chain, from 1
  id text not null,
  at timestamp with time zone not null,
  kind text not null,
  audience text not null, -- `internal`: for the author's company alone
  author_party text not null,
  author json not null,
  by text not null,
  news boolean not null,
  text text,
  step json,
  fact json,
  subject json,
  digest bytea, -- SHA-256 of a hypothesis, a fact or a step: the same again is no news. Null: a note
  previous text, -- The hash of the entry before in the same chain. Null: the first
  hash text,
  attachment json,
  repeats json,
  step_key text, -- SHA-256 of a step and its parameters, in hex; its device stands in the case
  words_of json, -- The fact that the entry was said with, as topic and sequence: the words of a hand-off
  chain text collate "C" not null, -- `*`: the chain that all companies share; else the company whose internal entries these are
  place integer not null, -- Sequence of the event: the order over all chains of the case
  constraint entry_pkey primary key (case_id, chain, number)
);
create index entry_digest on entry using btree (case_id, digest) where (digest is not null);
create index entry_step on entry using btree (case_id, step_key) where (step_key is not null);

-- When a person of a company worked on a case with the customer
create table handling (
  id text not null,
  case_id text not null,
  number integer not null, -- Sequence of the event that started it
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

-- What the operator is shown of an API key
create table key_record (
  key_id text not null,
  label text,
  created_at timestamp with time zone, -- Null: the operator's key, which is given and not made
  last_used_at timestamp with time zone, -- At most a minute behind. Null: never used
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
  matches boolean generated always as (((document -> 'match'::text) is not null)) stored not null, -- The line has a condition for the cases that it takes
  constraint line_pkey primary key (carrier, name, version)
);

-- The line that a carrier's cases get that name none
create table line_default (
  carrier text not null,
  name text not null,
  constraint line_default_pkey primary key (carrier)
);

-- What was missing from a case when it was opened, where its line counts that
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

-- Channels from which the same item is missing again and again
create table problem (
  problem_id text not null,
  timeline text collate "C" not null,
  carrier text not null,
  kind text not null,
  channel text not null,
  item text not null,
  cases integer not null, -- How many cases lacked the item when the problem was opened
  opened_at timestamp with time zone not null,
  case_id text not null, -- The case that reached the limit
  constraint problem_pkey primary key (problem_id),
  constraint problem_timeline_carrier_kind_channel_item_key unique (timeline, carrier, kind, channel, item)
);

-- Stepped timelines and imports
create table timeline (
  id text not null,
  owner text not null,
  parties text[], -- Who besides the owner may open cases on it. Null: all, where the owner is the operator
  mark timestamp with time zone, -- Of a stepped timeline, its now; of an import, the end of its history once that is known
  marks integer default 0 not null, -- Sequence of the last mark that was published
  imported_rows bigint default 0 not null, -- Of an import, the number of the last row that was taken
  latest_at timestamp with time zone, -- Of an import, the latest time of all rows
  ended_at timestamp with time zone,
  constraint timeline_pkey primary key (id)
);

-- Contacts that a vendor had about a device before a case of it crossed: they join the case when the vendor accepts it
create table waiting_contact (
  contact_id text not null,
  timeline text collate "C" not null,
  vendor text not null,
  identities text[] not null, -- As in case_identity
  contact json not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  constraint waiting_contact_pkey primary key (contact_id)
);
create index waiting_contact_by_age on waiting_contact using btree (created_at);
create index waiting_contact_of_device on waiting_contact using gin (identities);
