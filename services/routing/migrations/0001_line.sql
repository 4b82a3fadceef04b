create table line (
  carrier text not null,
  name text not null,
  version integer not null,
  document json not null,
  created_at timestamptz not null,
  calendars json,
  primary key (carrier, name, version)
);
