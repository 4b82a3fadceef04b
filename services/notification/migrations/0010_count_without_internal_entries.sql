-- Where a case has internal entries: their places on the case topic, so that what other companies are sent does not count them.
create table internal_entry (
  case_id text not null,
  sequence integer not null,
  party text not null,
  primary key (case_id, sequence)
);
