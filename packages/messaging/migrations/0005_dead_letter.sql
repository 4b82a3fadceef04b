-- The whole record is stored for an operator. A dead letter blocks no other record.
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
comment on column dead_letter.timeline is 'The timeline in the headers; null if they have none';
comment on column dead_letter.headers is 'JSON';
