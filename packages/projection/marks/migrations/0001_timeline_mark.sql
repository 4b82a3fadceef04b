-- Each partition of the case topic carries every mark, so that a reader of some partitions knows how far their cases have come.
create table timeline_mark (
  mark timestamptz not null,
  partition smallint not null,
  timeline text collate "C" not null,
  primary key (timeline, partition)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

comment on table timeline_mark is 'How far each timeline other than the wall has come, by partition';
comment on column timeline_mark.mark is 'The timeline''s now: what is due before it happens';
