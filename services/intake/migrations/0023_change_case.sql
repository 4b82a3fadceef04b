-- The links are part of the state of their cases. This table finds the cases of a change, and the reader's case access decides which of
-- them a list shows.
create table change_case (
  change_id text collate "C" not null,
  opened_at timestamptz not null,
  case_id text collate "C" not null,
  primary key (change_id, opened_at, case_id)
);

comment on table change_case is 'The cases that are linked to a change';
