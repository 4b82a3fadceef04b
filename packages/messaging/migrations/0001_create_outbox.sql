-- Facts wait here, written in the transaction that made them true, until the broker has them. One relay per schema takes
-- the visible rows in the order of ids and deletes them: a row's id is allocated under the lock of the case that it is
-- about, so the order of ids is the order of each case. There is no "sent" flag and no cursor: ids become visible out of
-- order, and a row behind a cursor would be lost.
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  key text not null,
  partition integer, -- only where the record must reach one partition, whatever its key
  headers text not null, -- JSON; all but ce_source, which the relay adds
  body text not null
) with (
  -- The table is empty most of the time and its whole content changes within seconds: scale factors mean nothing here.
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000
);
