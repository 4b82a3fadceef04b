-- By partition, so that replicas do not wait for each other.
create table tally (
  count bigint not null,
  partition smallint not null,
  what text not null,
  kind text not null,
  primary key (partition, what, kind)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

comment on table tally is 'How many firings were judged, by verdict and kind of clock';
comment on column tally.what is '`told`, `raced`, `overtaken`, `unsure`, `unaudited`, or the kind of a finding';
comment on column tally.kind is 'Kind of the clock';
