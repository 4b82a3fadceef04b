-- A page whose reason is gone is not sent, so each page is judged again before it goes. A fact that overtakes a page can be read before the
-- page: the row stays as long as the case's own.
create table page_fact (
  case_id text not null,
  name text not null,
  value text not null,
  topic text not null,
  sequence bigint not null,
  happened_at timestamptz not null,
  primary key (case_id, name)
) with (fillfactor = 85);

comment on table page_fact is 'Of each case, the latest fact of each kind that can overtake its pages';
comment on column page_fact.sequence is 'On its topic: all facts of one name come from one topic';
