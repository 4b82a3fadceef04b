-- The hash is cut to 132 bits and stored as base64url. When the whole SHA-256 was stored in hex, identities caused a third of the cost
-- of opening a case.
create table case_identity (
  timeline text collate "C" not null,
  identity text collate "C" not null,
  carrier text not null,
  of_device boolean not null,
  case_id text collate "C" not null,
  primary key (timeline, identity, case_id)
);
create index case_identity_of_case on case_identity (case_id);

comment on table case_identity is 'Finds the cases of a device, a telephone number, a mail address or a customer';
comment on column case_identity.identity is 'The first 132 bits of the SHA-256 of the identity, so that this table does not reveal the identity';
comment on column case_identity.of_device is 'True: the identity belongs to the device. False: it belongs only to the customer';
