-- Routing adds a row at the first offer in a queue, so that the vendor's list keeps the queue when it is empty.
create table vendor_queue (
  vendor text not null,
  timeline text collate "C" not null,
  queue text not null,
  primary key (vendor, timeline, queue)
);

comment on table vendor_queue is 'The queues that a vendor''s desk can list';
