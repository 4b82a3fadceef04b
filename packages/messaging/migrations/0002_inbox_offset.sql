-- The position moves in the transaction of the effects, so the two cannot disagree. The consumer locks a row `for no key update`, a
-- worker that fires for a partition `for key share` (the two get along), and a new owner `for update` (which waits for both).
create table inbox_offset (
  partition integer not null,
  topic text not null,
  next_offset bigint,
  owner text not null,
  claimed_at timestamptz not null,
  primary key (partition, topic)
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

comment on table inbox_offset is 'How far each partition was read, and which member of the consumer group may move the position';
comment on column inbox_offset.next_offset is 'Null: never read';
comment on column inbox_offset.owner is 'Each assignment writes a token of its own; a transaction that finds another token changes nothing';
