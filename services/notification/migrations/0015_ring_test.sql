-- A row stays as long as its deliveries stay in the log.
create table ring_test (
  ring_test_id text primary key,
  party text not null,
  roster text not null,
  people jsonb not null,
  tested_at timestamptz not null
);
create index ring_test_by_age on ring_test (tested_at);

comment on table ring_test is 'Ring tests of rosters';
comment on column ring_test.people is '[{person, addresses}]. Several people can share an address';
