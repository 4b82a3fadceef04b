-- Routing limits the number of test pages to each person per hour, and deletes older rows. A row has the person's id and no name.
create table ring_test_person (
  party text not null,
  person text not null,
  rung_at timestamptz not null
);
create index ring_test_person_of_party on ring_test_person (party, person, rung_at);

comment on table ring_test_person is 'The test pages that each person received in the last hour';
