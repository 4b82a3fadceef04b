-- Kept apart from the lines, since a default is of the carrier and not of a version.
create table line_default (
  carrier text primary key,
  name text not null
);

comment on table line_default is 'The line that a carrier''s cases get that name none';
