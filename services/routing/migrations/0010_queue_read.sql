-- The last read has its own table, so that a read updates only a narrow row.
create table queue_read (
  queue text primary key,
  last_read_at timestamptz not null
);

comment on table queue_read is 'The last read of each queue over REST';
comment on column queue_read.last_read_at is 'The last read that routing has saved. Later reads of the last minute may be missing';
