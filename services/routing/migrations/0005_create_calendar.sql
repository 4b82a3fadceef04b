-- The calendars of all parties, every version of them. Rows are only added.
create table calendar (
  party text not null,
  name text not null,
  version integer not null,
  document json not null, -- json, not jsonb: it comes back as it was written
  created_at timestamptz not null,
  primary key (party, name, version)
);

-- The calendars that a line's version names, by that name, as they were when it was published.
alter table line add column calendars json;
