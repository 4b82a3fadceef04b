-- Other companies must not see that there are internal entries: the numbers that they are sent do not count them.
create table internal_entry (
  case_id text not null,
  sequence integer not null,
  party text not null,
  primary key (case_id, sequence)
);

comment on table internal_entry is 'Where the internal entries of a case are on the case topic';
comment on column internal_entry.party is 'The company that reads the entry';
