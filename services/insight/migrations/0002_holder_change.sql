-- A row is one change, and no record changes a row. Insight calculates the times of the holders from the changes in the order of
-- their instants. The order in which insight reads the topics makes no difference.
create table holder_change (
  at timestamptz not null,
  sequence integer not null,
  is_of_handoff boolean not null,
  is_ended boolean,
  case_id text collate "C" not null,
  holder text collate "C",
  primary key (case_id, is_of_handoff, sequence)
);

comment on table holder_change is 'The changes of the holder of a case, and the ends and reopenings of the case';
comment on column holder_change.is_of_handoff is 'False: a record of the case topic. True: a record of the hand-off topic';
comment on column holder_change.holder is 'The vendor that holds the case from `at` on. Empty: the carrier. Null: the holder stays';
comment on column holder_change.is_ended is 'True: the case ended, and no company holds it until it is reopened. Null: no change';
