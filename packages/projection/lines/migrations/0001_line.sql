-- A published version never changes, so that each process keeps the lines that it has read. Rows are only added; json, not jsonb, gives a
-- document back as it was written.
create table line (
  carrier text not null,
  name text not null,
  version integer not null,
  document json not null,
  calendars json,
  primary key (carrier, name, version)
);

comment on table line is 'The published lines of the carriers, every version; routing owns them';
comment on column line.calendars is 'The calendars that the document names, by that name, as they were when the line was published. Null: it names none';
