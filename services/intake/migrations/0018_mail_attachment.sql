-- Files of mails are bounded in number and size, so their bytes are in a row. Intake has no other storage.
create table mail_attachment (
  case_id text not null,
  id text collate "C" not null,
  entry_number integer not null,
  name text not null,
  media_type text not null,
  bytes bytea not null,
  primary key (case_id, id)
);
-- The bytes of most attached files are compressed already.
alter table mail_attachment alter column bytes set storage external;

comment on table mail_attachment is 'The attached files of inbound mails';
comment on column mail_attachment.entry_number is 'The number of the attachment''s entry in the shared chain. A reader of the entry may read the file';
