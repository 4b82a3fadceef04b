-- Unlike the tables of this name in timer and routing, it has the instant of the last record of a timeline. An expected firing before
-- the mark is missed only after a whole grace without records.
create table timeline_mark (
  mark timestamptz,
  heard_at timestamptz not null,
  partition smallint not null,
  timeline text collate "C" not null,
  primary key (timeline, partition)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

comment on table timeline_mark is 'The marks of stepped timelines and imports, by partition, and the instant of the last record';
comment on column timeline_mark.mark is 'Null: no mark yet';
comment on column timeline_mark.heard_at is 'The instant of the last record, by Postgres'' clock';
