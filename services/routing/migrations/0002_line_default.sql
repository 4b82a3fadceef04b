-- Routing numbers the records of a default, so the row keeps the last sequence.
create table line_default (
  carrier text primary key,
  name text not null,
  sequence bigint not null
);

comment on table line_default is 'The line that a carrier''s cases get that name none';
comment on column line_default.sequence is 'Of the record on the line topic';
