-- A row is written once, at the end of a part; a new part of the vendor deletes it.
create table case_view (
  case_id text collate "C" not null,
  vendor text not null,
  as_of json not null,
  primary key (case_id, vendor)
);

comment on table case_view is 'The case at the end of a vendor''s last part in it. Without a row the vendor reads the case as it is';
