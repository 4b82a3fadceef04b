-- Each partition has its own rows, so that replicas do not wait for each other.
create table tally (
  count bigint not null,
  partition smallint not null,
  what text not null,
  kind text not null,
  primary key (partition, what, kind)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

comment on table tally is 'The number of compared firings, by verdict and clock kind';
comment on column tally.what is 'The verdict: `told` (as expected), `raced`, `overtaken`, `unsure`, `unaudited`, or the kind of a finding';
comment on column tally.kind is 'The clock kind';
