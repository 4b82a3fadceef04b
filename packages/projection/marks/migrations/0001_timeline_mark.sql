-- Each partition of the case topic has every mark, so a consumer of only some partitions also knows the now of its
-- cases.
create table timeline_mark (
  mark timestamptz not null,
  partition smallint not null,
  timeline text collate "C" not null,
  primary key (timeline, partition)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

comment on table timeline_mark is 'The mark of each timeline except the wall timeline, by partition';
comment on column timeline_mark.mark is 'The now of the timeline: a deadline before it is due';
