-- A published version never changes, so each process caches the lines that it has read. Transactions only insert rows.
-- The type json, unlike jsonb, returns a document unchanged.
create table line (
  carrier text not null,
  name text not null,
  version integer not null,
  document json not null,
  calendars json,
  primary key (carrier, name, version)
);

comment on table line is 'The published lines of the carriers, every version; routing owns them';
comment on column line.calendars is 'The calendars that the document names, by name, in the version at the publication of the line. Null: it names none';
