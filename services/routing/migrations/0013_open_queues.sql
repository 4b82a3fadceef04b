-- Queues that a vendor has named, and to which carriers each is open. Queues of published lines count as open to the lines'
-- carriers and need no row.
create table open_queue (
  queue text primary key,
  vendor text not null,
  carriers text[], -- null: all; none: closed
  changed_at timestamptz not null default clock_timestamp()
);
create index open_queue_of_vendor on open_queue (vendor);

-- When a queue was read last by REST.
create table queue_read (
  queue text primary key,
  last_read_at timestamptz not null -- at most a minute behind
);
