-- Timelines that were removed. Their records stay on the topics and are passed over from here on; a worker deletes the
-- rows that they left. A row stays: records of the timeline may be read at any time, as after a restore.
create table removed_timeline (
  timeline text collate "C" primary key,
  removed_at timestamptz not null default clock_timestamp(),
  emptied_at timestamptz -- null: rows may be left
);
create index removed_timeline_full on removed_timeline (removed_at) where emptied_at is null;
