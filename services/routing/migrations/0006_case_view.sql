-- Routing writes a row when a vendor's part ends, and deletes it when the vendor has a part again.
create table case_view (
  case_id text collate "C" not null,
  vendor text not null,
  as_of json not null,
  primary key (case_id, vendor)
);

comment on table case_view is 'The case at the end of a vendor''s last part. If there is no row, the vendor reads the current case';
