create table case_clock (
  due_at timestamp with time zone,
  last_event_at timestamp with time zone not null,
  partition smallint not null,
  line_version integer not null,
  case_id text collate "C" not null,
  timeline text collate "C" not null,
  carrier text not null,
  line_carrier text not null,
  line_name text not null,
  state json not null,
  sights json,
  breach_at timestamp with time zone,
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

create table case_party (
  case_id text collate "C" not null,
  party text not null,
  as_of json,
  constraint case_party_pkey primary key (case_id, party)
);
create index case_party_reading on case_party using btree (party, case_id) where (as_of is null);

create table clockless_case (
  case_id text collate "C" not null,
  since timestamp with time zone default clock_timestamp() not null,
  constraint clockless_case_pkey primary key (case_id)
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

create table group_member (
  member_id text not null,
  server_started_at timestamp with time zone not null,
  constraint group_member_pkey primary key (member_id)
);

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

create table internal_entry (
  case_id text collate "C" not null,
  sequence integer not null,
  party text not null,
  before_at timestamp with time zone not null,
  handoff integer not null,
  constraint internal_entry_pkey primary key (case_id, sequence)
);

create table line (
  carrier text not null,
  name text not null,
  version integer not null,
  document json not null,
  calendars json,
  constraint line_pkey primary key (carrier, name, version)
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

create table removed_timeline (
  timeline text collate "C" not null,
  removed_at timestamp with time zone default clock_timestamp() not null,
  emptied_at timestamp with time zone,
  constraint removed_timeline_pkey primary key (timeline)
);
create index removed_timeline_full on removed_timeline using btree (removed_at) where (emptied_at is null);

create table timeline_count (
  timeline text not null,
  topic text not null,
  appended bigint default 0 not null,
  applied bigint default 0 not null
);
create index timeline_count_of_timeline on timeline_count using btree (timeline);

create table timeline_mark (
  mark timestamp with time zone not null,
  partition smallint not null,
  timeline text collate "C" not null,
  constraint timeline_mark_pkey primary key (timeline, partition)
) with (
  autovacuum_vacuum_scale_factor=0,
  autovacuum_vacuum_threshold=1000,
  fillfactor=50
);
