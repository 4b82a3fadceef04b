-- A state has a few kB, and every event updates it. The fill factor leaves room in each table page, so that Postgres makes HOT
-- updates. Cases of imports have no row, since they never cross. Routes list hand-offs from the table handoff, not from this
-- table.
create table case_crossing (
  case_id text collate "C" primary key, -- rows are locked in this order, the same in every process
  timeline text collate "C" not null,
  carrier text not null,
  state json not null -- json, not jsonb, because it is read and written whole
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

comment on table case_crossing is 'One row per case: the domain''s CaseCrossing, with the holder and the other data that decide its hand-offs';
