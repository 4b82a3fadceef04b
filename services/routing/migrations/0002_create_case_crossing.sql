-- Who has a case, and everything that its hand-offs depend on (the domain's CaseCrossing). Cases of imports are not kept:
-- nothing of them ever crosses. Lists are made from the table of hand-offs.
create table case_crossing (
  case_id text collate "C" primary key, -- rows are locked in this order, the same in every process
  timeline text collate "C" not null,
  carrier text not null,
  state json not null -- json, not jsonb: it is read and written whole
) with (
  fillfactor = 70, -- a state is a few kB and is written with every event: room for HOT updates
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000
);
