create table case_identity (
  timeline text collate "C" not null,
  identity text collate "C" not null,
  carrier text not null,
  of_device boolean not null,
  case_id text collate "C" not null,
  constraint case_identity_pkey primary key (timeline, identity, case_id)
);
create index case_identity_of_case on case_identity using btree (case_id);

create table case_party (
  party text not null,
  timeline text not null,
  opened_at timestamp with time zone not null,
  case_id text not null,
  as_of json,
  over_at timestamp with time zone,
  constraint case_party_pkey primary key (party, timeline, opened_at, case_id)
);
create index case_party_open on case_party using btree (party, timeline, opened_at, case_id) where (over_at is null);
create index case_party_over on case_party using btree (party, timeline, over_at) where (over_at is not null);

create table case_record (
  id text not null,
  timeline text not null,
  carrier text not null,
  carrier_case_id text not null,
  observe boolean not null,
  opened_at timestamp with time zone not null,
  status text not null,
  state json not null,
  last_event_at timestamp with time zone not null,
  constraint case_record_pkey primary key (id),
  constraint case_record_timeline_carrier_carrier_case_id_key unique (timeline, carrier, carrier_case_id)
) with (
  autovacuum_vacuum_scale_factor=0.02,
  autovacuum_vacuum_threshold=1000,
  fillfactor=70
);
create index case_record_open on case_record using btree (status) where ((status <> all (array['closed'::text, 'rejected'::text, 'cancelled'::text])) and (timeline = 'wall'::text));

create table contact (
  case_id text not null,
  number integer not null,
  id text not null,
  at timestamp with time zone not null,
  author json not null,
  channel text not null,
  direction text not null,
  content text not null,
  subject json,
  constraint contact_pkey primary key (case_id, number)
);

create table dead_letter (
  id bigint generated always as identity not null,
  direction text not null,
  topic text not null,
  partition integer,
  record_offset bigint,
  key text,
  timeline text,
  headers text not null,
  body text,
  reason text not null,
  dead_at timestamp with time zone default clock_timestamp() not null,
  constraint dead_letter_pkey primary key (id),
  constraint dead_letter_direction_check check ((direction = any (array['in'::text, 'out'::text])))
);
create index dead_letter_of_timeline on dead_letter using btree (timeline) where (timeline is not null);

create table entry (
  case_id text not null,
  number integer not null,
  id text not null,
  at timestamp with time zone not null,
  kind text not null,
  audience text not null,
  author_party text not null,
  author json not null,
  by text not null,
  news boolean not null,
  text text,
  step json,
  fact json,
  subject json,
  digest bytea,
  previous text,
  hash text,
  attachment json,
  repeats json,
  step_key text,
  words_of json,
  chain text collate "C" not null,
  place integer not null,
  constraint entry_pkey primary key (case_id, chain, number)
);
create index entry_digest on entry using btree (case_id, digest) where (digest is not null);
create index entry_step on entry using btree (case_id, step_key) where (step_key is not null);

create table group_member (
  member_id text not null,
  server_started_at timestamp with time zone not null,
  constraint group_member_pkey primary key (member_id)
);

create table handling (
  id text not null,
  case_id text not null,
  number integer not null,
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

create table idempotency (
  party text not null,
  timeline text not null,
  key text not null,
  request_hash bytea not null,
  status smallint not null,
  answer text not null,
  kept_at timestamp with time zone default clock_timestamp() not null,
  constraint idempotency_pkey primary key (party, timeline, key)
);
create index idempotency_kept_at on idempotency using btree (kept_at);
create index idempotency_of_timeline on idempotency using btree (timeline) where (timeline <> 'wall'::text);

create table inbox_gap (
  id bigint generated always as identity not null,
  topic text not null,
  partition integer not null,
  from_offset bigint not null,
  to_offset bigint not null,
  found_at timestamp with time zone default clock_timestamp() not null,
  asked integer default 0 not null,
  mended_at timestamp with time zone,
  constraint inbox_gap_pkey primary key (id)
);
create index inbox_gap_open on inbox_gap using btree (partition) where (mended_at is null);

create table inbox_gap_mark (
  key text not null,
  topic text not null,
  partition integer not null,
  timeline text,
  is_known boolean not null,
  lost bigint default 0 not null,
  is_headless boolean default false not null,
  constraint inbox_gap_mark_pkey primary key (key, topic)
);
create index inbox_gap_mark_of_timeline on inbox_gap_mark using btree (timeline) where (lost > 0);
create index inbox_gap_mark_unknown on inbox_gap_mark using btree (topic, partition) where (not is_known);

create table inbox_offset (
  partition integer not null,
  topic text not null,
  next_offset bigint,
  owner text not null,
  claimed_at timestamp with time zone not null,
  constraint inbox_offset_pkey primary key (partition, topic)
) with (
  autovacuum_vacuum_scale_factor=0,
  autovacuum_vacuum_threshold=1000,
  fillfactor=20
);

create table inbox_sequence (
  topic text not null,
  key text not null,
  seen bigint not null,
  applied bigint not null,
  constraint inbox_sequence_pkey primary key (topic, key)
) with (
  autovacuum_vacuum_scale_factor=0.02,
  autovacuum_vacuum_threshold=1000,
  fillfactor=85
);

create table inbox_waiting (
  id bigint generated always as identity not null,
  partition integer not null,
  topic text not null,
  key text not null,
  sequence bigint not null,
  timeline text not null,
  headers text not null,
  body text,
  wait_topic text,
  wait_key text,
  wait_sequence bigint,
  reason text,
  attempts integer default 0 not null,
  replay_requested_at timestamp with time zone,
  held_at timestamp with time zone default clock_timestamp() not null,
  constraint inbox_waiting_pkey primary key (id)
) with (
  autovacuum_vacuum_scale_factor=0,
  autovacuum_vacuum_threshold=1000
);
create index inbox_waiting_for_cause on inbox_waiting using btree (wait_key, wait_topic, wait_sequence) where (wait_topic is not null);
create index inbox_waiting_for_replay on inbox_waiting using btree (partition) where (replay_requested_at is not null);
create index inbox_waiting_of_key on inbox_waiting using btree (key, id);
create index inbox_waiting_parked on inbox_waiting using btree (key) where (reason is not null);

create table key_record (
  key_id text not null,
  label text,
  created_at timestamp with time zone,
  last_used_at timestamp with time zone,
  constraint key_record_pkey primary key (key_id)
);

create table line (
  carrier text not null,
  name text not null,
  version integer not null,
  mode text not null,
  document json,
  calendars json,
  matches boolean default false not null,
  constraint line_pkey primary key (carrier, name, version)
);

create table line_default (
  carrier text not null,
  name text not null,
  constraint line_default_pkey primary key (carrier)
);

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

create table outbox (
  id bigint generated always as identity not null,
  topic text not null,
  key text not null,
  partition integer,
  headers text not null,
  body text not null,
  constraint outbox_pkey primary key (id)
) with (
  autovacuum_analyze_scale_factor=0,
  autovacuum_analyze_threshold=100000,
  autovacuum_vacuum_insert_scale_factor=0,
  autovacuum_vacuum_insert_threshold=100000,
  autovacuum_vacuum_scale_factor=0,
  autovacuum_vacuum_threshold=1000
);

create table party (
  id text not null,
  kind text not null,
  name text not null,
  sequence bigint not null,
  recorded_at timestamp with time zone not null,
  country text,
  constraint party_pkey primary key (id),
  constraint party_country_check check ((country ~ '^[A-Z]{2}$'::text)),
  constraint party_kind_check check ((kind = any (array['carrier'::text, 'vendor'::text, 'operator'::text]))),
  constraint party_sequence_check check ((sequence > 0))
);

create table party_key (
  hash text not null,
  id text not null,
  party text not null,
  constraint party_key_pkey primary key (hash),
  constraint party_key_hash_check check ((hash ~ '^[0-9a-f]{64}$'::text)),
  constraint party_key_party_fkey foreign key (party) references party(id)
);
create index party_key_party on party_key using btree (party);

create table problem (
  problem_id text not null,
  timeline text collate "C" not null,
  carrier text not null,
  kind text not null,
  channel text not null,
  item text not null,
  cases integer not null,
  opened_at timestamp with time zone not null,
  case_id text not null,
  constraint problem_pkey primary key (problem_id),
  constraint problem_timeline_carrier_kind_channel_item_key unique (timeline, carrier, kind, channel, item)
);

create table removed_timeline (
  timeline text collate "C" not null,
  removed_at timestamp with time zone default clock_timestamp() not null,
  emptied_at timestamp with time zone,
  constraint removed_timeline_pkey primary key (timeline)
);
create index removed_timeline_full on removed_timeline using btree (removed_at) where (emptied_at is null);

create table timeline (
  id text not null,
  owner text not null,
  parties text[],
  mark timestamp with time zone,
  marks integer default 0 not null,
  imported_rows bigint default 0 not null,
  latest_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint timeline_pkey primary key (id)
);

create table timeline_count (
  timeline text not null,
  topic text not null,
  appended bigint default 0 not null,
  applied bigint default 0 not null
);
create index timeline_count_of_timeline on timeline_count using btree (timeline);

create table waiting_contact (
  contact_id text not null,
  timeline text collate "C" not null,
  vendor text not null,
  identities text[] not null,
  contact json not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  constraint waiting_contact_pkey primary key (contact_id)
);
create index waiting_contact_by_age on waiting_contact using btree (created_at);
create index waiting_contact_of_device on waiting_contact using gin (identities);
