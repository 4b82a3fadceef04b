-- Pages to one address go together, so that forty alike cases are not forty messages. The bundle is fixed before its first attempt.
create table page_bundle (
  bundle_id text primary key,
  party text not null,
  target text not null,
  payload text,
  fixed_at timestamptz not null,
  people text[] not null
);
create index page_bundle_of_party on page_bundle (party, fixed_at);
create index page_bundle_by_age on page_bundle (fixed_at);

comment on table page_bundle is 'One message that pages a person, with one page or several';
comment on column page_bundle.party is 'The party of the roster: a bundle never mixes two';
comment on column page_bundle.payload is 'Of several pages, as it is signed and sent. Null: the page goes alone, with its own payload';
comment on column page_bundle.people is 'Two people can share an address: a message counts for each of them';
