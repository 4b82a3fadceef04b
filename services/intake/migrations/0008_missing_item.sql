-- The primary key contains all columns. To count the cases that lacked an item in a period, Postgres reads only one range of this
-- index.
create table missing_item (
  timeline text collate "C" not null,
  carrier text not null,
  kind text not null,
  channel text not null,
  item text not null,
  at timestamptz not null,
  case_id text collate "C" not null,
  primary key (timeline, carrier, kind, channel, item, at, case_id)
);

comment on table missing_item is 'Required items that a case lacked at its opening, if the line of the case counts missing items';
