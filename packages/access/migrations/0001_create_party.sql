-- Who may call: what the party topic says, kept by every service, so that a request needs no other service to be let in.
create table party (
  id text primary key,
  kind text not null check (kind in ('carrier', 'vendor', 'operator')),
  name text not null,
  sequence bigint not null check (sequence > 0), -- of the record that this row stands from; an older one changes nothing
  recorded_at timestamptz not null
);

-- Only hashes: a key itself is shown once, when it is made, and is nowhere afterwards.
create table party_key (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'), -- SHA-256, hex
  id text not null,
  party text not null references party (id)
);

create index party_key_party on party_key (party);
