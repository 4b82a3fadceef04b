-- Where a case has internal entries: their places on the case topic, so that other companies get numbers that do not count them.
-- `before_at`: the last event before; `handoff`: how many records of the hand-off topic had been applied by then.
create table internal_entry (
  case_id text collate "C" not null,
  sequence integer not null,
  party text not null,
  before_at timestamptz not null,
  handoff integer not null,
  primary key (case_id, sequence)
);
