-- How many records of a stepped timeline were appended and applied here, by topic: its driver knows by them when the
-- timeline is quiet. Rows are only added, and summed up when they are read: one counter per timeline would be a lock that
-- all its cases wait for, taken in the middle of transactions that lock cases. Walls and imports are not counted.
create table timeline_count (
  timeline text not null,
  topic text not null,
  appended bigint not null default 0,
  applied bigint not null default 0
);
create index timeline_count_of_timeline on timeline_count (timeline);
