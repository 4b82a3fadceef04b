-- A row stays for ever, because the records of the timeline stay on the topics. A consumer can read these records at
-- any time, for example after a restore.
create table removed_timeline (
  timeline text collate "C" primary key,
  removed_at timestamptz not null default clock_timestamp(),
  emptied_at timestamptz
);
create index removed_timeline_full on removed_timeline (removed_at) where emptied_at is null;

comment on table removed_timeline is 'Imports that were removed: the consumer skips their records, and a loop deletes their rows';
comment on column removed_timeline.emptied_at is 'Null: other tables may still have rows of the timeline';
