-- Crossline stores only the hash of a key. It shows the key itself once, when the key is created, and stores it
-- nowhere.
create table party_key (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  id text not null,
  party text not null references party (id)
);
create index party_key_party on party_key (party);

comment on table party_key is 'API keys of the parties, by hash';
comment on column party_key.hash is 'SHA-256 of the key, in hex';
