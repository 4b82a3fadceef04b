-- Imported cases have no row, since their events are never sent.
create table case_record (
  case_id text primary key,
  timeline text not null,
  carrier text not null,
  carrier_case_id text not null,
  reading json
);

comment on table case_record is 'One row per case, with the data that decide which companies may receive its events';
comment on column case_record.reading is 'The role of each company in the case. Null until the first offer';
