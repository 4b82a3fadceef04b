-- Other companies must not see that there are internal entries: the numbers that they read do not count them.
create table internal_entry (
  case_id text collate "C" not null,
  sequence integer not null,
  party text not null,
  before_at timestamptz not null,
  handoff integer not null,
  primary key (case_id, sequence)
);

comment on table internal_entry is 'Where the internal entries of a case are on the case topic';
comment on column internal_entry.party is 'The company that reads the entry';
comment on column internal_entry.before_at is 'The last event before it';
comment on column internal_entry.handoff is 'How many records of the hand-off topic had been applied by then';
