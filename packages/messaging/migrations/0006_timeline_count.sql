-- Transactions only insert rows, and a reader sums the rows. If each timeline had one counter, all its cases would wait
-- for one lock, in the middle of transactions that lock cases. The wall timeline and imports have no counts.
create table timeline_count (
  timeline text not null,
  topic text not null,
  appended bigint not null default 0,
  applied bigint not null default 0
);
create index timeline_count_of_timeline on timeline_count (timeline);

comment on table timeline_count is 'The numbers of records of a stepped timeline that this service has appended and applied: their sums show that the timeline is caught up';
