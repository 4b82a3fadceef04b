-- A ring test proves the way to people of a roster: deliveries as others, of no case.
alter table delivery
  alter column case_id drop not null,
  add column ring_test_id text,
  add constraint delivery_of_case_or_ring_test check (num_nonnulls(case_id, ring_test_id) = 1);
create index delivery_of_ring_test on delivery (ring_test_id) where ring_test_id is not null;

-- Whom a test rings, and by which addresses: two people can share one. Kept as long as the log of its deliveries.
create table ring_test (
  ring_test_id text primary key,
  party text not null,
  roster text not null,
  people jsonb not null, -- [{person, addresses}]
  tested_at timestamptz not null
);
create index ring_test_by_age on ring_test (tested_at);
