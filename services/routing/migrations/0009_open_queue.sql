-- The queues of published lines count as open to the lines' carriers and need no row.
create table open_queue (
  queue text primary key,
  vendor text not null,
  carriers text[],
  changed_at timestamptz not null default clock_timestamp()
);
create index open_queue_of_vendor on open_queue (vendor);

comment on table open_queue is 'Queues that a vendor has named';
comment on column open_queue.carriers is 'To which carriers the queue is open. Null: to all; empty: to none';
