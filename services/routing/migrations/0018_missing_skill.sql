-- A party reads, for each of its people, the cases that left because the person lacked a skill. The rows have ids and no names.
create table missing_skill (
  party text not null,
  person text collate "C" not null,
  left_at timestamptz not null,
  case_id text collate "C" not null,
  sequence integer not null,
  timeline text collate "C" not null,
  level smallint not null,
  went_to text not null,
  primary key (party, person, left_at, case_id, sequence)
);

comment on table missing_skill is 'The cases that the trigger skill.missing sent to a pool or a queue, by the person without the skill';
comment on column missing_skill.sequence is 'The sequence of the event on the hand-off topic';
comment on column missing_skill.went_to is 'The target of the line step: pool:<name> or queue:<vendor>.<team>';
