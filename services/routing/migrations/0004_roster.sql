-- The rows are personal data: only the party and the operator read them, and no topic carries them. Rows are only added. Pages use
-- the newest version.
create table roster (
  party text not null,
  name text not null,
  version integer not null,
  document json not null,
  created_at timestamptz not null,
  counted boolean not null,
  primary key (party, name, version)
);

comment on table roster is 'The rosters of all parties, in all versions';
