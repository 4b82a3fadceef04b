-- Kept as long as the log of its deliveries.
create table ring_test (
  ring_test_id text primary key,
  party text not null,
  roster text not null,
  people jsonb not null,
  tested_at timestamptz not null
);
create index ring_test_by_age on ring_test (tested_at);

comment on table ring_test is 'Tests of the ways to the people of a roster';
comment on column ring_test.people is '[{person, addresses}]: two people can share an address';
