-- The timer and routing also have a table `timeline_mark`. Only this table contains the instant of a timeline's last record. If an
-- expected firing is before the mark, the auditor reports it as missed only after a whole grace without records.
create table timeline_mark (
  mark timestamptz,
  heard_at timestamptz not null,
  partition smallint not null,
  timeline text collate "C" not null,
  primary key (timeline, partition)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

comment on table timeline_mark is 'The mark of each stepped timeline and import, by partition, and the instant of the last record';
comment on column timeline_mark.mark is 'Null: the timeline has no mark';
comment on column timeline_mark.heard_at is 'The instant at which the last record arrived, by Postgres'' clock';
