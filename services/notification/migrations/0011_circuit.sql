-- A circuit belongs to a target, not to a host. Two companies can have receivers on one host, and neither company may block the
-- other. A receiver that works has no row.
create table circuit (
  target text primary key,
  failures integer not null,
  open_until timestamptz not null
);

comment on table circuit is 'Receivers whose last attempts failed';
comment on column circuit.failures is 'The number of consecutive failures';
comment on column circuit.open_until is 'Notification makes no attempt before this instant';
