-- Only the records of the case topic change a row.
create table promise (
  made_at timestamptz,
  until timestamptz,
  delivered_at timestamptz,
  withdrawn_at timestamptz,
  case_id text collate "C" not null,
  promise_id text collate "C" primary key,
  promisor text collate "C" not null,
  is_kept boolean
);
create index promise_of_case on promise (case_id);
create index promise_of_promisor on promise (promisor, until);

comment on table promise is 'One row per promise of a company to the customer, without its text';
comment on column promise.until is 'The end of the window. A delivery at exactly this instant is in time';
comment on column promise.is_kept is 'Whether the delivery was in time. Null: the promise is not delivered';
