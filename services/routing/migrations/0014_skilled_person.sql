-- One row has all skills of a person, because every reader decides by all of them. The rule that compares skills with a device is in the
-- domain package, so no statement selects a single skill.
create table skilled_person (
  party text not null,
  person text collate "C" not null,
  skills json not null,
  changed_at timestamptz not null,
  primary key (party, person)
);

comment on table skilled_person is 'The people of a party who have skills, by the party''s own ids. There are no names';
