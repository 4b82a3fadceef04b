-- Rows are only added, except that the calendars of an import are deleted with it. A line pins the versions that it names.
create table calendar (
  party text not null,
  name text not null,
  version integer not null,
  document json not null, -- json, not jsonb, which would change the order of the fields
  created_at timestamptz not null,
  primary key (party, name, version)
);

comment on table calendar is 'The calendars of all parties, in all versions';
