-- One transaction moves the position and writes the effects, so position and effects always agree. The consumer locks a
-- row `for no key update`, and a loop that fires for a partition locks the row `for key share`. These two locks are
-- compatible. A new owner locks the row `for update`, which waits for both other locks.
create table inbox_offset (
  partition integer not null,
  topic text not null,
  next_offset bigint,
  owner text not null,
  claimed_at timestamptz not null,
  primary key (partition, topic)
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

comment on table inbox_offset is 'The position of each partition, and the member of the consumer group that may move it';
comment on column inbox_offset.next_offset is 'Null: never read';
comment on column inbox_offset.owner is 'Each assignment writes a token of its own; a transaction that finds another token changes nothing';
