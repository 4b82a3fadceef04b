-- A gap stays open until the owner of the topic has published the last sequence of every key.
create table inbox_gap (
  id bigint generated always as identity primary key,
  topic text not null,
  partition integer not null,
  from_offset bigint not null,
  to_offset bigint not null,
  found_at timestamptz not null default clock_timestamp(),
  asked integer not null default 0,
  mended_at timestamptz
);
create index inbox_gap_open on inbox_gap (partition) where mended_at is null;

comment on table inbox_gap is 'Records that were deleted from a topic before this service had read them';
comment on column inbox_gap.to_offset is 'Not above from_offset if the topic was created again: the number of lost records is then unknown';
comment on column inbox_gap.asked is 'The number of requests to the owner, from which the sequences of the requests follow';
comment on column inbox_gap.mended_at is 'When the owner had published the last sequence of every key';
