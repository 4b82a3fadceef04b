-- The whole record is kept for a person to read. It holds nothing up.
create table dead_letter (
  id bigint generated always as identity primary key,
  direction text not null check (direction in ('in', 'out')),
  topic text not null,
  partition integer,
  record_offset bigint,
  key text,
  timeline text,
  headers text not null,
  body text,
  reason text not null,
  dead_at timestamptz not null default clock_timestamp()
);
create index dead_letter_of_timeline on dead_letter (timeline) where timeline is not null;

comment on table dead_letter is 'Records that the consumer cannot parse (`in`) or that the broker refuses (`out`)';
comment on column dead_letter.timeline is 'As the headers name it; null where they name none';
comment on column dead_letter.headers is 'JSON';
