-- Apart from the queues, so that a read writes one narrow row.
create table queue_read (
  queue text primary key,
  last_read_at timestamptz not null
);

comment on table queue_read is 'When a queue was listed last over REST';
comment on column queue_read.last_read_at is 'At most a minute behind';
