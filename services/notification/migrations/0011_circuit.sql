-- By target, not by host: two companies can have receivers on one host, and neither may block the other. A receiver that works has no
-- row.
create table circuit (
  target text primary key,
  failures integer not null,
  open_until timestamptz not null
);

comment on table circuit is 'Receivers that fail';
comment on column circuit.failures is 'The failures in a row';
comment on column circuit.open_until is 'No attempt is made before this instant';
