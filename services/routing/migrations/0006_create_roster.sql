-- Who of a party is on duty when. Personal data: read by the party itself alone, and published on no topic. Rows are only added;
-- pages go by the newest version.
create table roster (
  party text not null,
  name text not null,
  version integer not null,
  document json not null,
  created_at timestamptz not null,
  primary key (party, name, version)
);
