-- Notification sends several pages to one address as one message, so that forty similar cases do not cause forty messages. A
-- bundle does not change after its first attempt has begun.
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

comment on table page_bundle is 'The page messages. Each has one page or several';
comment on column page_bundle.party is 'The party of the roster. All pages of a message belong to the same party';
comment on column page_bundle.payload is 'The payload of a message with several pages. Null if the message has one page, whose own payload is sent';
comment on column page_bundle.people is 'The people whom the message pages. Several people can share an address, and the message counts for each of them';
