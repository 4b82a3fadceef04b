-- Notification checks the reason of each page again before it sends the page. An event that overtakes a page can be read before the page,
-- so the rows stay as long as the case's row.
create table page_fact (
  case_id text not null,
  name text not null,
  value text not null,
  topic text not null,
  sequence bigint not null,
  happened_at timestamptz not null,
  primary key (case_id, name)
) with (fillfactor = 85);

comment on table page_fact is 'The latest event of each kind, per case, that can overtake its pages';
comment on column page_fact.sequence is 'The sequence on its topic: all events of one name come from one topic';
