-- A row stays for ever: records of the timeline stay on the topics, and may be read at any time, as after a restore.
create table removed_timeline (
  timeline text collate "C" primary key,
  removed_at timestamptz not null default clock_timestamp(),
  emptied_at timestamptz
);
create index removed_timeline_full on removed_timeline (removed_at) where emptied_at is null;

comment on table removed_timeline is 'Imports that were removed: the consumer passes over their records, and a worker deletes their rows';
comment on column removed_timeline.emptied_at is 'Null: rows of the timeline may be left in other tables';
