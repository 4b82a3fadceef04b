-- The rows of an upload are deleted when it is applied, when its party deletes it, or a day after it was opened.
create table skill_upload_person (
  upload text not null references skill_upload (id) on delete cascade,
  person text collate "C" not null,
  skills json not null,
  primary key (upload, person)
);

comment on table skill_upload_person is 'The people of an upload, whose skills have no effect until the upload is applied';
