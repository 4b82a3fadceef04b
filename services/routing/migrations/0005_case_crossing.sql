-- A state is a few kB and is written with every event. The free room in its page keeps the update HOT. Cases of imports have no row,
-- since they never cross. Lists are made from the table of hand-offs.
create table case_crossing (
  case_id text collate "C" primary key, -- rows are locked in this order, the same in every process
  timeline text collate "C" not null,
  carrier text not null,
  state json not null -- json, not jsonb, because it is read and written whole
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

comment on table case_crossing is 'One row per case: its holder, and all that its hand-offs depend on (the domain''s CaseCrossing)';
