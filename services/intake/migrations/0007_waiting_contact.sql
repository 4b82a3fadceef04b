-- A contact is found by the device that its vendor has accepted, and expires by its age.
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

comment on table waiting_contact is 'Contacts that a vendor had about a device before a case of it crossed: they join the case when the vendor accepts it';
comment on column waiting_contact.identities is 'As in case_identity';
