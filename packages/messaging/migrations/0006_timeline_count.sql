-- Rows are only added, and summed when they are read: one counter per timeline would be a lock that all its cases wait for, taken in the
-- middle of transactions that lock cases. The wall and imports are not counted.
create table timeline_count (
  timeline text not null,
  topic text not null,
  appended bigint not null default 0,
  applied bigint not null default 0
);
create index timeline_count_of_timeline on timeline_count (timeline);

comment on table timeline_count is 'How many records of a stepped timeline this service has appended and applied: by the sums intake knows that the timeline is quiet';
