-- The history stays if a person is removed. The highest number of a party shows whether its skills have changed between two reads.
create table skill_change (
  party text not null,
  number bigint generated always as identity,
  person text collate "C" not null,
  changed_at timestamptz not null,
  actor_party text not null,
  actor_person text,
  upload text,
  before json,
  after json,
  primary key (party, number)
);
create index skill_change_of_person on skill_change (party, person, number);

comment on table skill_change is 'Each change of the skills of a person, with its actor and its instant';
comment on column skill_change.upload is 'The upload of a full set that made the change; null for a single request';
comment on column skill_change.before is 'Null: the person had no skills';
comment on column skill_change.after is 'Null: the person was removed';
