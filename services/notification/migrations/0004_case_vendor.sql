-- The columns case_sequence and clock_sequence have the sequences of the last records before the vendor's first offer. The column
-- handoff_sequence has the sequence of the offer. The vendor never receives records from before the offer.
create table case_vendor (
  case_id text not null,
  vendor text not null,
  since_at timestamptz not null,
  case_sequence bigint not null,
  clock_sequence bigint not null,
  handoff_sequence bigint not null,
  until_at timestamptz,
  until_topic text,
  until_sequence bigint,
  primary key (case_id, vendor)
);

comment on table case_vendor is 'The vendors to which a case was offered, and the span of records that each vendor receives';
comment on column case_vendor.since_at is 'The instant of the first offer';
comment on column case_vendor.until_at is 'The instant of the record that ended the vendor''s last part; until_topic and until_sequence name the record. Null while the vendor has a part';
