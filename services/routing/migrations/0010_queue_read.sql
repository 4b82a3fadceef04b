-- A table of its own, so that a read writes one narrow row.
create table queue_read (
  queue text primary key,
  last_read_at timestamptz not null
);

comment on table queue_read is 'The last read of each queue over REST';
comment on column queue_read.last_read_at is 'At most one minute too early';
