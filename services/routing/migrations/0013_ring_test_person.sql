-- Ring tests are limited for each person. The rows of the last hour; they hold no names.
create table ring_test_person (
  party text not null,
  person text not null,
  rung_at timestamptz not null
);
create index ring_test_person_of_party on ring_test_person (party, person, rung_at);

comment on table ring_test_person is 'When a test rang a person';
