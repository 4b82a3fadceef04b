-- The published lines of the carriers, every version; routing owns them
create table line (
  carrier text not null,
  name text not null,
  version integer not null,
  document json not null,
  calendars json, -- The calendars that the document names, by that name, as they were when the line was published. Null: it names none
  constraint line_pkey primary key (carrier, name, version)
);

-- How far each timeline other than the wall has come, by partition
create table timeline_mark (
  mark timestamp with time zone not null, -- The timeline's now: what is due before it happens
  partition smallint not null,
  timeline text collate "C" not null,
  constraint timeline_mark_pkey primary key (timeline, partition)
) with (
  autovacuum_vacuum_scale_factor=0,
  autovacuum_vacuum_threshold=1000,
  fillfactor=50
);
