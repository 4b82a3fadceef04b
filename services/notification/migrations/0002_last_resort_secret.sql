-- The addresses of the last resort stand in lines and have no subscription.
create table last_resort_secret (
  party text primary key,
  secret text not null,
  former_secret text,
  former_secret_until timestamptz,
  constraint former_secret_ends check ((former_secret is null) = (former_secret_until is null))
);

comment on table last_resort_secret is 'With which secret a carrier''s calls of the last resort are signed';
comment on column last_resort_secret.former_secret is 'As in subscription';
