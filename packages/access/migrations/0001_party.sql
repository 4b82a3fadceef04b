-- Every service has a copy of the parties, so that it can authenticate a request without a call to another service.
create table party (
  id text primary key,
  kind text not null check (kind in ('carrier', 'vendor', 'operator')),
  name text not null,
  sequence bigint not null check (sequence > 0),
  recorded_at timestamptz not null,
  country text check (country ~ '^[A-Z]{2}$')
);

comment on table party is 'Parties as the party topic states them; intake owns them';
comment on column party.sequence is 'The sequence of the record from which this row comes: an older record changes nothing';
comment on column party.country is 'ISO 3166-1 alpha-2: the country whose rules apply to a carrier''s telephone numbers. Null: not set';
