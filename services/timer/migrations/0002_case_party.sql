-- The carrier needs no row, because case_clock names the carrier.
create table case_party (
  case_id text collate "C" not null,
  party text not null,
  as_of json,
  primary key (case_id, party)
);
create index case_party_reading on case_party (party, case_id) where as_of is null;

comment on table case_party is 'The vendors that received an offer of a case, and the clocks that each vendor may read';
comment on column case_party.as_of is 'The clocks at the end of the vendor''s last part. Null: the vendor reads the current clocks';
