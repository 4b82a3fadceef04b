-- Unlike the timer's and routing's, it also says when a timeline was heard of last: what is owed behind a mark is missing once the
-- timeline has been quiet for the grace.
create table timeline_mark (
  mark timestamptz,
  heard_at timestamptz not null,
  partition smallint not null,
  timeline text collate "C" not null,
  primary key (timeline, partition)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

comment on table timeline_mark is 'How far timelines other than the wall have come, by partition, and when the last record of each was read';
comment on column timeline_mark.mark is 'Null: no mark so far';
comment on column timeline_mark.heard_at is 'By this database''s clock';
