-- A hash of 132 bits in base64url: the whole SHA-256 in hex made identities a third of what opening a case cost.
create table case_identity (
  timeline text collate "C" not null,
  identity text collate "C" not null,
  carrier text not null,
  of_device boolean not null,
  case_id text collate "C" not null,
  primary key (timeline, identity, case_id)
);
create index case_identity_of_case on case_identity (case_id);

comment on table case_identity is 'Which cases a device, a telephone number, a mail address or a customer has';
comment on column case_identity.identity is 'The first 132 bits of a SHA-256: the identity cannot be read from it';
comment on column case_identity.of_device is 'The identity is of the device, and not of the customer alone';
