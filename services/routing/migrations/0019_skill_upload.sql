-- The skills of 12,000 people do not fit into one request. An upload collects them, and one transaction then applies all of them, so
-- no reader sees half a set. An upload that was applied stays for a day, so that a client can ask for the result again.
create table skill_upload (
  id text primary key,
  party text not null,
  mode text not null,
  actor_person text,
  opened_at timestamptz not null,
  applied_at timestamptz,
  counts json
);
create index skill_upload_of_party on skill_upload (party, opened_at);
create index skill_upload_opened on skill_upload (opened_at);

comment on table skill_upload is 'The uploads of skills of the last day';
comment on column skill_upload.counts is 'The result; null until the upload is applied';
