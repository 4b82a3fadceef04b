-- Ring tests are limited per person. The table has the rows of the last hour, without names.
create table ring_test_person (
  party text not null,
  person text not null,
  rung_at timestamptz not null
);
create index ring_test_person_of_party on ring_test_person (party, person, rung_at);

comment on table ring_test_person is 'The test pages of each person';
