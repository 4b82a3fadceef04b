-- How far timelines other than the wall have come, by partition, and when anything of them was heard last.
create table timeline_mark (
  mark timestamptz, -- null: none so far
  heard_at timestamptz not null, -- by this database's clock
  partition smallint not null,
  timeline text collate "C" not null,
  primary key (timeline, partition)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- How far the wall has been judged, and the heartbeat that says so.
create table watermark (
  until timestamptz not null,
  beat_at timestamptz not null,
  sequence integer not null, -- of the records `watermark/<partition>` on the audit topic
  partition smallint primary key
) with (fillfactor = 50);
