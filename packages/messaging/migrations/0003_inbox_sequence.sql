-- `seen` and `applied` differ while records wait, because a waiting record is seen and not applied.
create table inbox_sequence (
  topic text not null,
  key text not null,
  seen bigint not null,
  applied bigint not null,
  primary key (topic, key)
) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

comment on table inbox_sequence is 'The last read and applied sequence of each key of a topic: a record that is not above `seen` is a duplicate';
comment on column inbox_sequence.seen is 'Sequence of the last record that was read';
comment on column inbox_sequence.applied is 'All records up to this sequence are applied; as a cause, each of them counts as read';
