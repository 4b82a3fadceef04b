-- Records that were deleted from a topic before they were read here. `to_offset` is not above `from_offset` where the topic was
-- made again: then their number is not known. `mended_at`: the owner of the topic has told the last sequence of every key.
create table inbox_gap (
  id bigint generated always as identity primary key,
  topic text not null,
  partition integer not null,
  from_offset bigint not null,
  to_offset bigint not null,
  found_at timestamptz not null default clock_timestamp(),
  asked integer not null default 0, -- how often the owner was asked: the questions have sequences
  mended_at timestamptz
);
create index inbox_gap_open on inbox_gap (partition) where mended_at is null;

-- Keys of which records may be missing (`is_known` is false: the owner's last sequence is not known yet), or are missing: `lost`
-- of them, and for ever. `is_headless`: the first record of the key is among them, of a case its opening.
create table inbox_gap_mark (
  key text not null,
  topic text not null,
  partition integer not null,
  timeline text, -- of what is lost
  is_known boolean not null,
  lost bigint not null default 0,
  is_headless boolean not null default false,
  primary key (key, topic)
);
create index inbox_gap_mark_unknown on inbox_gap_mark (topic, partition) where not is_known;
create index inbox_gap_mark_of_timeline on inbox_gap_mark (timeline) where lost > 0;
