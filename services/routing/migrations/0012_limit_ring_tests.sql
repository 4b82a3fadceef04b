-- When a person was last rung by a test: tests are limited for each person. Rows of the last hour, no names.
create table ring_test_person (
  party text not null,
  person text not null,
  rung_at timestamptz not null
);
create index ring_test_person_of_party on ring_test_person (party, person, rung_at);
