-- Only the records of the hand-off topic change a row. All records of a hand-off arrive in order.
create table crossing (
  offered_at timestamptz,
  claimed_at timestamptz,
  accepted_at timestamptz,
  resolved_at timestamptz,
  ended_at timestamptz,
  case_id text collate "C" not null,
  handoff_id text collate "C" primary key,
  vendor text collate "C" not null,
  queue text collate "C" not null,
  reason text collate "C",
  outcome text collate "C",
  code text collate "C"
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000
);
create index crossing_of_case on crossing (case_id);
create index crossing_of_vendor on crossing (vendor, offered_at);

comment on table crossing is 'One row per hand-off: the offer of a case to the queue of a vendor, and its end';
comment on column crossing.claimed_at is 'The first claim';
comment on column crossing.reason is 'The reason for the offer, as in `handoff.offered`';
comment on column crossing.outcome is 'rejected, lapsed, withdrawn, resolved, returned or transferred. Null: the hand-off is open';
comment on column crossing.code is 'The code of the rejection, return or transfer';
