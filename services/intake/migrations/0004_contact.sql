-- Rows are added and never changed. Each row gets its number under the lock of its case.
create table contact (
  case_id text not null,
  number integer not null,
  id text not null,
  at timestamptz not null,
  author json not null,
  channel text not null,
  direction text not null,
  content text not null,
  subject json,
  primary key (case_id, number)
);

comment on table contact is 'Contacts with the customer of a case. The opening is contact 1, which has no row in this table';
comment on column contact.subject is 'Personal data of the customer';
