-- Forty alike cases are no forty messages: pages to one address go together (decided: bundles). One row for each message that
-- pages a person, fixed before its first attempt.
create table page_bundle (
  bundle_id text primary key,
  party text not null, -- the roster's: a bundle never mixes two
  person text not null,
  target text not null,
  payload text, -- of several pages, as it is signed and sent; null where the page goes alone, as it is
  fixed_at timestamptz not null
);
create index page_bundle_of_party on page_bundle (party, fixed_at);
create index page_bundle_by_age on page_bundle (fixed_at);

alter table delivery
  add column bundle_id text, -- the message that this page goes with
  add column goes_with text; -- the delivery that carries the bundle, in all its pages but that one

-- The worker never claims a page that goes with another one.
drop index delivery_due;
create index delivery_due on delivery (target, due_at) where state = 'waiting' and goes_with is null;
create index delivery_goes_with on delivery (goes_with) where goes_with is not null;
create index delivery_of_bundle on delivery (bundle_id) where bundle_id is not null;
