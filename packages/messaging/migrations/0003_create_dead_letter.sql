-- Records that nobody could read (`in`) or that no broker would take (`out`), kept whole for a person to look at. They
-- held up nothing.
create table dead_letter (
  id bigint generated always as identity primary key,
  direction text not null check (direction in ('in', 'out')),
  topic text not null,
  partition integer,
  record_offset bigint,
  key text,
  timeline text, -- where the headers told
  headers text not null, -- JSON
  body text,
  reason text not null,
  dead_at timestamptz not null default clock_timestamp()
);
create index dead_letter_of_timeline on dead_letter (timeline) where timeline is not null;
