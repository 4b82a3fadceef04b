-- How far each partition was read. It moves in the transaction of the effects, so the two cannot disagree. `owner` names
-- the member that may move it: each assignment writes a token of its own, and a transaction that finds another's does
-- nothing. The consumer locks `for no key update`, a worker that fires for a partition `for key share` (the two get along),
-- a new owner `for update` (and waits for both).
create table inbox_offset (
  partition integer not null,
  topic text not null,
  next_offset bigint, -- null: never read
  owner text not null,
  claimed_at timestamptz not null,
  primary key (partition, topic)
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- What was seen of each key. `seen`: read, whatever became of it; what is not above it is a duplicate. `applied`: all up
-- to here have taken effect; a cause counts as read from then on. They differ while records wait.
create table inbox_sequence (
  topic text not null,
  key text not null,
  seen bigint not null,
  applied bigint not null,
  primary key (topic, key)
) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- Records that were read and have not taken effect. Held: `wait_…` names what must be applied first (the cause that is
-- missing, or the record in front of it with the same topic and key). Parked (`wait_topic` is null): its case waits for
-- a replay, because the row with a `reason` could not be applied.
create table inbox_waiting (
  id bigint generated always as identity primary key, -- order of arrival
  partition integer not null,
  topic text not null,
  key text not null,
  sequence bigint not null,
  timeline text not null,
  headers text not null, -- JSON
  body text,
  wait_topic text,
  wait_key text,
  wait_sequence bigint,
  reason text,
  attempts integer not null default 0,
  replay_requested_at timestamptz,
  held_at timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
create index inbox_waiting_of_key on inbox_waiting (key, id);
create index inbox_waiting_for_cause on inbox_waiting (wait_key, wait_topic, wait_sequence) where wait_topic is not null;
create index inbox_waiting_for_replay on inbox_waiting (partition) where replay_requested_at is not null;
create index inbox_waiting_parked on inbox_waiting (key) where reason is not null;
