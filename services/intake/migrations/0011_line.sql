-- A case is matched to a line by `matches` and `mode`, which stand beside the document so that no document is parsed for that.
create table line (
  carrier text not null,
  name text not null,
  version integer not null,
  mode text not null,
  document json,
  calendars json,
  matches boolean not null default false,
  primary key (carrier, name, version)
);
