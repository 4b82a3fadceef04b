-- Routing never changes a row. The calendars of an import are deleted together with the import. A line pins the versions that it
-- names.
create table calendar (
  party text not null,
  name text not null,
  version integer not null,
  document json not null, -- json, not jsonb, which would change the order of the fields
  created_at timestamptz not null,
  primary key (party, name, version)
);

comment on table calendar is 'All versions of the calendars of all parties';
