-- Personal data: only the party itself reads it, and no topic carries it. Rows are only added; pages go by the newest version.
create table roster (
  party text not null,
  name text not null,
  version integer not null,
  document json not null,
  created_at timestamptz not null,
  counted boolean not null,
  primary key (party, name, version)
);

comment on table roster is 'Which person of a party is on duty when, every version';
