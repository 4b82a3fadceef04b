-- An internal entry belongs to one company, and no other company may notice the entry. Responses to other companies therefore omit
-- the entry from sequences and counts.
create table internal_entry (
  case_id text collate "C" not null,
  sequence integer not null,
  party text not null,
  before_at timestamptz not null,
  handoff integer not null,
  primary key (case_id, sequence)
);

comment on table internal_entry is 'The sequences of internal entries on the case topic';
comment on column internal_entry.party is 'The company that may read the entry';
comment on column internal_entry.before_at is 'The instant of the last event before the entry';
comment on column internal_entry.handoff is 'The number of records of the hand-off topic that were applied before the entry';
