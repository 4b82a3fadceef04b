-- Before notification sends a page, it checks the reason of the page again. Notification may read an event that overtakes a page
-- before it reads the page. So these rows stay as long as the case's row.
create table page_fact (
  case_id text not null,
  name text not null,
  value text not null,
  topic text not null,
  sequence bigint not null,
  happened_at timestamptz not null,
  primary key (case_id, name)
) with (fillfactor = 85);

comment on table page_fact is 'The page signals of each case: the latest event of each name that can overtake the case''s pages';
comment on column page_fact.sequence is 'The sequence of the event on its topic. All events with one name come from one topic';
