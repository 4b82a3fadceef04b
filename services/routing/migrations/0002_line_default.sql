-- Routing numbers the records of a default line, so the row stores the last sequence.
create table line_default (
  carrier text primary key,
  name text not null,
  sequence bigint not null
);

comment on table line_default is 'The line of a carrier''s cases that name no line';
comment on column line_default.sequence is 'The sequence of its last record on the line topic';
