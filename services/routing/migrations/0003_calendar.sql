-- Rows are only added, but for the calendars of an import, which are deleted with it. A line pins the versions that it names.
create table calendar (
  party text not null,
  name text not null,
  version integer not null,
  document json not null, -- json, not jsonb: it comes back as it was written
  created_at timestamptz not null,
  primary key (party, name, version)
);

comment on table calendar is 'The calendars of all parties, every version of them';
