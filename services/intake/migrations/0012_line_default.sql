-- The default line has a table of its own, because it belongs to the carrier and not to a version of a line.
create table line_default (
  carrier text primary key,
  name text not null
);

comment on table line_default is 'The default line of each carrier';
