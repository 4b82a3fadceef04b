-- Parties as the party topic states them; intake owns them
create table party (
  id text not null,
  kind text not null,
  name text not null,
  sequence bigint not null, -- The sequence of the record from which this row comes: an older record changes nothing
  recorded_at timestamp with time zone not null,
  country text, -- ISO 3166-1 alpha-2: the country whose rules apply to a carrier's telephone numbers. Null: not set
  constraint party_pkey primary key (id),
  constraint party_country_check check ((country ~ '^[A-Z]{2}$'::text)),
  constraint party_kind_check check ((kind = any (array['carrier'::text, 'vendor'::text, 'operator'::text]))),
  constraint party_sequence_check check ((sequence > 0))
);

-- API keys of the parties, by hash
create table party_key (
  hash text not null, -- SHA-256 of the key, in hex
  id text not null,
  party text not null,
  scopes text[], -- The scopes of the key. Null: all scopes, as for keys from before scopes existed
  expires_at timestamp with time zone, -- From this instant on, the services refuse the key. Null: the key does not expire
  constraint party_key_pkey primary key (hash),
  constraint party_key_hash_check check ((hash ~ '^[0-9a-f]{64}$'::text)),
  constraint party_key_party_fkey foreign key (party) references party(id)
);
create index party_key_party on party_key using btree (party);
