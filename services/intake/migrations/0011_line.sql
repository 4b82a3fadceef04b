-- A case is matched by these two columns, so that no document is parsed for it.
alter table line
  add column mode text not null generated always as (document ->> 'mode') stored,
  add column matches boolean not null generated always as (document -> 'match' is not null) stored;

comment on column line.matches is 'The line has a condition for the cases that it takes';
