create table case_record (
  case_id text not null,
  timeline text not null,
  carrier text not null,
  carrier_case_id text not null,
  reading json,
  constraint case_record_pkey primary key (case_id)
);

create table case_vendor (
  case_id text not null,
  vendor text not null,
  since_at timestamp with time zone not null,
  case_sequence bigint not null,
  clock_sequence bigint not null,
  handoff_sequence bigint not null,
  until_at timestamp with time zone,
  until_topic text,
  until_sequence bigint,
  constraint case_vendor_pkey primary key (case_id, vendor)
);

create table circuit (
  target text not null,
  failures integer not null,
  open_until timestamp with time zone not null,
  constraint circuit_pkey primary key (target)
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

create table delivery (
  delivery_id text not null,
  event_id text not null,
  target text not null,
  subscription_id text,
  party text not null,
  case_id text,
  timeline text not null,
  event_type text not null,
  event_at timestamp with time zone not null,
  cause_topic text not null,
  cause_sequence bigint not null,
  url text not null,
  payload text not null,
  state text not null,
  due_at timestamp with time zone,
  give_up_at timestamp with time zone,
  attempts integer default 0 not null,
  tries integer default 0 not null,
  last_status integer,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  page jsonb,
  bundle_id text,
  goes_with text,
  ring_test_id text,
  constraint delivery_pkey primary key (delivery_id),
  constraint delivery_check check (((state = 'waiting'::text) = (due_at is not null))),
  constraint delivery_check1 check (((state = 'waiting'::text) = (ended_at is null))),
  constraint delivery_event_id_target_key unique (event_id, target),
  constraint delivery_of_case_or_ring_test check ((num_nonnulls(case_id, ring_test_id) = 1)),
  constraint delivery_state_check check ((state = any (array['waiting'::text, 'delivered'::text, 'abandoned'::text, 'recorded'::text, 'cancelled'::text, 'overtaken'::text]))),
  constraint delivery_subscription_id_fkey foreign key (subscription_id) references subscription(subscription_id)
) with (
  autovacuum_vacuum_scale_factor=0.02,
  autovacuum_vacuum_threshold=1000,
  fillfactor=80
);
create index delivery_due on delivery using btree (target, due_at) where ((state = 'waiting'::text) and (goes_with is null));
create index delivery_ended on delivery using btree (ended_at) where (ended_at is not null);
create index delivery_goes_with on delivery using btree (goes_with) where (goes_with is not null);
create index delivery_of_bundle on delivery using btree (bundle_id) where (bundle_id is not null);
create index delivery_of_case on delivery using btree (case_id);
create index delivery_of_party on delivery using btree (party, delivery_id);
create index delivery_of_ring_test on delivery using btree (ring_test_id) where (ring_test_id is not null);
create index delivery_waiting_of_timeline on delivery using btree (timeline) where ((state = 'waiting'::text) and (timeline <> 'wall'::text));

create table delivery_attempt (
  delivery_id text not null,
  number integer not null,
  attempted_at timestamp with time zone not null,
  duration_ms integer not null,
  status integer,
  error text,
  constraint delivery_attempt_pkey primary key (delivery_id, number),
  constraint delivery_attempt_check check (((status is null) <> (error is null))),
  constraint delivery_attempt_delivery_id_fkey foreign key (delivery_id) references delivery(delivery_id) on delete cascade
);

create table dialling (
  only_one boolean default true not null,
  mail boolean not null,
  private_addresses text not null,
  constraint dialling_pkey primary key (only_one),
  constraint dialling_only_one_check check (only_one),
  constraint dialling_private_addresses_check check ((private_addresses = any (array['refuse'::text, 'allow'::text])))
);

create table early_event (
  event_id text not null,
  case_id text not null,
  partition integer not null,
  event jsonb not null,
  kept_at timestamp with time zone default clock_timestamp() not null,
  constraint early_event_pkey primary key (event_id)
);
create index early_event_by_age on early_event using btree (partition, kept_at);
create index early_event_of_case on early_event using btree (case_id);

create table fact_sequence (
  key text not null,
  sequence bigint not null,
  topic text not null,
  constraint fact_sequence_pkey primary key (topic, key)
) with (
  fillfactor=85
);

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
  case_id text not null,
  sequence integer not null,
  party text not null,
  constraint internal_entry_pkey primary key (case_id, sequence)
);

create table last_resort_secret (
  party text not null,
  secret text not null,
  former_secret text,
  former_secret_until timestamp with time zone,
  constraint last_resort_secret_pkey primary key (party),
  constraint former_secret_ends check (((former_secret is null) = (former_secret_until is null)))
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

create table page_bundle (
  bundle_id text not null,
  party text not null,
  target text not null,
  payload text,
  fixed_at timestamp with time zone not null,
  people text[] not null,
  constraint page_bundle_pkey primary key (bundle_id)
);
create index page_bundle_by_age on page_bundle using btree (fixed_at);
create index page_bundle_of_party on page_bundle using btree (party, fixed_at);

create table page_fact (
  case_id text not null,
  name text not null,
  value text not null,
  topic text not null,
  sequence bigint not null,
  happened_at timestamp with time zone not null,
  constraint page_fact_pkey primary key (case_id, name)
) with (
  fillfactor=85
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

create table ring_test (
  ring_test_id text not null,
  party text not null,
  roster text not null,
  people jsonb not null,
  tested_at timestamp with time zone not null,
  constraint ring_test_pkey primary key (ring_test_id)
);
create index ring_test_by_age on ring_test using btree (tested_at);

create table subscription (
  subscription_id text not null,
  party text not null,
  party_kind text not null,
  timeline text not null,
  url text not null,
  events text[],
  description text,
  secret text not null,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_because text,
  former_secret text,
  former_secret_until timestamp with time zone,
  constraint subscription_pkey primary key (subscription_id),
  constraint former_secret_ends check (((former_secret is null) = (former_secret_until is null))),
  constraint subscription_check check (((ended_at is null) = (ended_because is null))),
  constraint subscription_ended_because_check check ((ended_because = any (array['deleted'::text, 'gone'::text]))),
  constraint subscription_party_kind_check check ((party_kind = any (array['carrier'::text, 'vendor'::text])))
);
create index subscription_of_party on subscription using btree (party, timeline);

create table timeline (
  id text not null,
  constraint timeline_pkey primary key (id)
);

create table timeline_count (
  timeline text not null,
  topic text not null,
  appended bigint default 0 not null,
  applied bigint default 0 not null
);
create index timeline_count_of_timeline on timeline_count using btree (timeline);
