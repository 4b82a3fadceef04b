-- When a vendor accepts a case, intake finds the vendor's waiting contacts by the device of the case. Intake deletes contacts after 30
-- days.
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

comment on table waiting_contact is 'A vendor''s contacts about a device for which the vendor has accepted no case yet. The contacts join a case when the vendor accepts that case';
comment on column waiting_contact.identities is 'The hashes of the device or customer, in the same form as in case_identity';
