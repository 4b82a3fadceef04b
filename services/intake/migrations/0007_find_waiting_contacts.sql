-- A vendor's contacts are found by the device that it has accepted, not by reading all that wait; and forgotten by their age.
drop index waiting_contact_of_vendor;
create index waiting_contact_of_device on waiting_contact using gin (identities);
create index waiting_contact_by_age on waiting_contact (created_at);
