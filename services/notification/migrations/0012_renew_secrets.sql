-- After a renewal messages carry the signatures of two secrets for a time, so that a receiver can change over.
alter table subscription
  add column former_secret text,
  add column former_secret_until timestamptz,
  add constraint former_secret_ends check ((former_secret is null) = (former_secret_until is null));

alter table last_resort_secret
  add column former_secret text,
  add column former_secret_until timestamptz,
  add constraint former_secret_ends check ((former_secret is null) = (former_secret_until is null));
