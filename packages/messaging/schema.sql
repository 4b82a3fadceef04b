-- Records that the consumer cannot parse (`in`) or that the broker refuses (`out`)
create table dead_letter (
  id bigint generated always as identity not null,
  direction text not null,
  topic text not null,
  partition integer,
  record_offset bigint,
  key text,
  timeline text, -- The timeline in the headers; null if they have none
  headers text not null, -- JSON
  body text,
  reason text not null,
  dead_at timestamp with time zone default clock_timestamp() not null,
  constraint dead_letter_pkey primary key (id),
  constraint dead_letter_direction_check check ((direction = any (array['in'::text, 'out'::text])))
);
create index dead_letter_of_timeline on dead_letter using btree (timeline) where (timeline is not null);

-- The members of the consumer group, by the broker's name for each
create table group_member (
  member_id text not null,
  server_started_at timestamp with time zone not null, -- Start of the PostgreSQL server that held the lock: locks of another run of the server prove nothing
  constraint group_member_pkey primary key (member_id)
);

-- Records that were deleted from a topic before this service had read them
create table inbox_gap (
  id bigint generated always as identity not null,
  topic text not null,
  partition integer not null,
  from_offset bigint not null,
  to_offset bigint not null, -- Not above from_offset if the topic was created again: the number of lost records is then unknown
  found_at timestamp with time zone default clock_timestamp() not null,
  asked integer default 0 not null, -- The number of requests to the owner, from which the sequences of the requests follow
  mended_at timestamp with time zone, -- When the owner had published the last sequence of every key
  constraint inbox_gap_pkey primary key (id)
);
create index inbox_gap_open on inbox_gap using btree (partition) where (mended_at is null);

-- Keys whose records are missing, or may be
create table inbox_gap_mark (
  key text not null,
  topic text not null,
  partition integer not null,
  timeline text, -- The timeline of the missing records
  is_known boolean not null, -- False: the owner has not published the last sequence of the key yet
  lost bigint default 0 not null, -- The number of records that are permanently missing
  is_headless boolean default false not null, -- The first record of the key is missing: of a case, its opening
  constraint inbox_gap_mark_pkey primary key (key, topic)
);
create index inbox_gap_mark_of_timeline on inbox_gap_mark using btree (timeline) where (lost > 0);
create index inbox_gap_mark_unknown on inbox_gap_mark using btree (topic, partition) where (not is_known);

-- The position of each partition, and the member of the consumer group that may move it
create table inbox_offset (
  partition integer not null,
  topic text not null,
  next_offset bigint, -- Null: never read
  owner text not null, -- Each assignment writes a token of its own; a transaction that finds another token changes nothing
  claimed_at timestamp with time zone not null,
  constraint inbox_offset_pkey primary key (partition, topic)
) with (
  autovacuum_vacuum_scale_factor=0,
  autovacuum_vacuum_threshold=1000,
  fillfactor=20
);

-- The last read and applied sequence of each key of a topic: a record that is not above `seen` is a duplicate
create table inbox_sequence (
  topic text not null,
  key text not null,
  seen bigint not null, -- Sequence of the last record that was read
  applied bigint not null, -- All records up to this sequence are applied; as a cause, each of them counts as read
  constraint inbox_sequence_pkey primary key (topic, key)
) with (
  autovacuum_vacuum_scale_factor=0.02,
  autovacuum_vacuum_threshold=1000,
  fillfactor=85
);

-- Records that were read and not applied: held for a cause, or parked until a retry
create table inbox_waiting (
  id bigint generated always as identity not null, -- The order of arrival
  partition integer not null,
  topic text not null,
  key text not null,
  sequence bigint not null,
  timeline text not null,
  headers text not null, -- JSON
  body text,
  wait_topic text, -- With wait_key and wait_sequence: the record that must be applied first. Null: the case is parked
  wait_key text,
  wait_sequence bigint,
  reason text, -- The reason for which this record could not be applied. A row with a reason parks the case of the record
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

-- The installation that this schema belongs to. No row: a first start, before the id was published or read
create table installation (
  only_one boolean default true not null,
  id text not null,
  constraint installation_pkey primary key (only_one),
  constraint installation_only_one_check check (only_one)
);

-- Messages that the relay has not sent, saved in the transaction that decided them
create table outbox (
  id bigint generated always as identity not null,
  topic text not null,
  key text not null,
  partition integer, -- Set only if a message must reach a certain partition, whatever its key
  headers text not null, -- JSON; without ce_source, which the relay adds
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

-- Imports that were removed: the consumer skips their records, and a loop deletes their rows
create table removed_timeline (
  timeline text collate "C" not null,
  removed_at timestamp with time zone default clock_timestamp() not null,
  emptied_at timestamp with time zone, -- Null: other tables may still have rows of the timeline
  constraint removed_timeline_pkey primary key (timeline)
);
create index removed_timeline_full on removed_timeline using btree (removed_at) where (emptied_at is null);

-- The numbers of records of a stepped timeline that this service has appended and applied: their sums show that the timeline is caught up
create table timeline_count (
  timeline text not null,
  topic text not null,
  appended bigint default 0 not null,
  applied bigint default 0 not null
);
create index timeline_count_of_timeline on timeline_count using btree (timeline);
