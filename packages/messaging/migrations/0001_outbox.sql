-- A relay takes the visible rows in the order of their ids, and deletes each row after the broker has accepted it. The
-- table has no "sent" flag and no cursor. Ids become visible out of order, and a row behind a cursor would be lost. A
-- transaction allocates an id under the lock of the row's case, so the messages of each case have ids in the right
-- order.
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  key text not null,
  partition integer,
  headers text not null,
  body text not null
) with (
  -- The table is empty most of the time and its whole content changes within seconds, so scale factors are useless here.
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000
);

comment on table outbox is 'Messages that the relay has not sent, saved in the transaction that decided them';
comment on column outbox.partition is 'Set only if a message must reach a certain partition, whatever its key';
comment on column outbox.headers is 'JSON; without ce_source, which the relay adds';
