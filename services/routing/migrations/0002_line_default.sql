-- Routing publishes each choice of a default line as a numbered record, so the row stores the last sequence.
create table line_default (
  carrier text primary key,
  name text not null,
  sequence bigint not null
);

comment on table line_default is 'The default line of each carrier';
comment on column line_default.sequence is 'The sequence of the last record of the default line on the line topic';
