-- A channel has at most one problem for each item. When two concurrent cases reach the limit, only one of them can therefore open the
-- problem.
create table problem (
  problem_id text primary key,
  timeline text collate "C" not null,
  carrier text not null,
  kind text not null,
  channel text not null,
  item text not null,
  cases integer not null,
  opened_at timestamptz not null,
  case_id text not null,
  unique (timeline, carrier, kind, channel, item)
);

comment on table problem is 'Problems: each row names a channel whose cases often lack the same required item';
comment on column problem.cases is 'The number of cases that lacked the item when the problem was opened';
comment on column problem.case_id is 'The case that reached the limit and opened the problem';
