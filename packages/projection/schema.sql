-- The published lines of the carriers, every version; routing owns them
create table line (
  carrier text not null,
  name text not null,
  version integer not null,
  document json not null,
  calendars json, -- The calendars that the document names, by name, in the version at the publication of the line. Null: it names none
  constraint line_pkey primary key (carrier, name, version)
);

-- The mark of each timeline except the wall timeline, by partition
create table timeline_mark (
  mark timestamp with time zone not null, -- The now of the timeline: a deadline before it is due
  partition smallint not null,
  timeline text collate "C" not null,
  constraint timeline_mark_pkey primary key (timeline, partition)
) with (
  autovacuum_vacuum_scale_factor=0,
  autovacuum_vacuum_threshold=1000,
  fillfactor=50
);
