-- The addresses of the last resort come from lines and rosters, not from a subscription. So each party has one secret for all
-- these addresses.
create table last_resort_secret (
  party text primary key,
  secret text not null,
  former_secret text,
  former_secret_until timestamptz,
  constraint former_secret_ends check ((former_secret is null) = (former_secret_until is null))
);

comment on table last_resort_secret is 'The secret that signs a carrier''s calls of the last resort and a party''s pages';
comment on column last_resort_secret.former_secret is 'As in the table subscription';
