-- Pages to one address are sent together, so that forty similar cases do not cause forty messages. The bundle does not change after its
-- first attempt begins.
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
comment on column page_bundle.party is 'The party of the roster. A bundle has pages of one party';
comment on column page_bundle.payload is 'The signed and sent payload of several pages. Null: one page, with its own payload';
comment on column page_bundle.people is 'The people of the message. Several can share an address, and the message counts for each of them';
