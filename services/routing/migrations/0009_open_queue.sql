-- A queue on a published line is open to the carrier of that line, and needs no row here.
create table open_queue (
  queue text primary key,
  vendor text not null,
  carriers text[],
  changed_at timestamptz not null default clock_timestamp()
);
create index open_queue_of_vendor on open_queue (vendor);

comment on table open_queue is 'The queues that vendors have opened or closed by name';
comment on column open_queue.carriers is 'The carriers to which the queue is open. Null: all; empty: none';
