-- Open cases that no clock will fire for, which must not be: empty, and so counted for nothing. (Counting them in case_clock
-- would take an index over every case that ever ended, or a scan.)
create table clockless_case (
  case_id text collate "C" primary key,
  since timestamptz not null default clock_timestamp()
);
