-- A record that cannot be applied yet waits here, so that the other records of its partition continue. A held record
-- names the record that must be applied first. This is its missing cause, or the record before it with the same topic
-- and key. A parked record waits until an operator requests a retry.
create table inbox_waiting (
  id bigint generated always as identity primary key,
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
  attempts integer not null default 0,
  replay_requested_at timestamptz,
  held_at timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
create index inbox_waiting_of_key on inbox_waiting (key, id);
create index inbox_waiting_for_cause on inbox_waiting (wait_key, wait_topic, wait_sequence) where wait_topic is not null;
create index inbox_waiting_for_replay on inbox_waiting (partition) where replay_requested_at is not null;
create index inbox_waiting_parked on inbox_waiting (key) where reason is not null;

comment on table inbox_waiting is 'Records that were read and not applied: held for a cause, or parked until a retry';
comment on column inbox_waiting.id is 'The order of arrival';
comment on column inbox_waiting.headers is 'JSON';
comment on column inbox_waiting.wait_topic is 'With wait_key and wait_sequence: the record that must be applied first. Null: the case is parked';
comment on column inbox_waiting.reason is 'The reason for which this record could not be applied. A row with a reason parks the case of the record';
