-- A row is written at the first offer, so that the list also has empty queues.
create table vendor_queue (
  vendor text not null,
  timeline text collate "C" not null,
  queue text not null,
  primary key (vendor, timeline, queue)
);

comment on table vendor_queue is 'The queues that a vendor''s desk can list';
