-- The rows are personal data: only the party and the operator read them, and no topic carries them. Routing never changes or
-- deletes a row. Pages use the newest version.
create table roster (
  party text not null,
  name text not null,
  version integer not null,
  document json not null,
  created_at timestamptz not null,
  counted boolean not null,
  primary key (party, name, version)
);

comment on table roster is 'All versions of the rosters of all parties';
