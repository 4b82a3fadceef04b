-- Imported cases have no row: none of their events is sent.
create table case_record (
  case_id text primary key,
  timeline text not null,
  carrier text not null,
  carrier_case_id text not null,
  reading json
);

comment on table case_record is 'One row per case: which companies may receive its events';
comment on column case_record.reading is 'Which company has which part in the case. Null: before its first offer';
