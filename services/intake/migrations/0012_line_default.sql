-- This is a table of its own, because a default line belongs to the carrier and not to a version.
create table line_default (
  carrier text primary key,
  name text not null
);

comment on table line_default is 'The default line of each carrier';
