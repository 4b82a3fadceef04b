-- When a vendor accepts a case, intake finds its contacts by the device of the case. It deletes old contacts by their age.
create table waiting_contact (
  contact_id text primary key,
  timeline text collate "C" not null,
  vendor text not null,
  identities text[] not null,
  contact json not null,
  created_at timestamptz not null default clock_timestamp()
);
create index waiting_contact_of_device on waiting_contact using gin (identities);
create index waiting_contact_by_age on waiting_contact (created_at);

comment on table waiting_contact is 'A vendor''s contacts about a device whose case has not crossed yet. They join the case when the vendor accepts it';
comment on column waiting_contact.identities is 'The hashes as in case_identity';
