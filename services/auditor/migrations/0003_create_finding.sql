-- What did not fire as it had to, the newest last. Told on the audit topic as well; here it is kept for who asks.
create table finding (
  id bigint generated always as identity primary key,
  found_at timestamptz not null,
  kind text not null,
  case_id text not null,
  timeline text not null,
  data json not null
);

-- How many of what, by partition: so that replicas do not wait for each other.
create table tally (
  count bigint not null,
  partition smallint not null,
  what text not null, -- told, raced, overtaken, unsure, unaudited, or the kind of a finding
  kind text not null, -- the clock's
  primary key (partition, what, kind)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
