-- Other companies must not detect internal entries. So the sequences in the events that another company receives do not count
-- these entries.
create table internal_entry (
  case_id text not null,
  sequence integer not null,
  party text not null,
  primary key (case_id, sequence)
);

comment on table internal_entry is 'The sequences of the internal entries of a case on the case topic';
comment on column internal_entry.party is 'The only company that may read the entry';
