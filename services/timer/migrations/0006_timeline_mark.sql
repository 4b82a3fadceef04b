create table timeline_mark (
  mark timestamptz not null,
  partition smallint not null,
  timeline text collate "C" not null,
  primary key (timeline, partition)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
