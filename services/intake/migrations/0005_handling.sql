-- Each heartbeat updates a row. The fill factor leaves free space in each block, so that the update is a heap-only (HOT) update.
create table handling (
  id text primary key,
  case_id text not null,
  number integer not null,
  party text not null,
  person text,
  channel text not null,
  started_at timestamptz not null,
  last_beat_at timestamptz not null,
  ended_at timestamptz
) with (fillfactor = 85);
create index handling_of_case on handling (case_id, number);

comment on table handling is 'The periods in which a person of a company works on a case with the customer live';
comment on column handling.number is 'The sequence of the event that started the handling';
