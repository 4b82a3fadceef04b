-- A page whose reason is gone is not sent (decided: a page is judged again before it goes). Of each case, the latest fact of
-- each kind that can overtake its pages: it can be read before the page is. Kept as long as the case's own row.
create table page_fact (
  case_id text not null,
  name text not null,
  value text not null,
  topic text not null,
  sequence bigint not null, -- on its topic: all facts of one name come from one
  happened_at timestamptz not null,
  primary key (case_id, name)
) with (fillfactor = 85);

alter table delivery
  add column page jsonb, -- why a person is paged or called; null for everything else
  drop constraint delivery_state_check,
  add constraint delivery_state_check
    check (state in ('waiting', 'delivered', 'abandoned', 'recorded', 'cancelled', 'overtaken'));
