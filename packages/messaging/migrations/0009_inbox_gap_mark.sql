-- A mark stays while records are missing, so that every reader of the case sees that its history has a gap.
create table inbox_gap_mark (
  key text not null,
  topic text not null,
  partition integer not null,
  timeline text,
  is_known boolean not null,
  lost bigint not null default 0,
  is_headless boolean not null default false,
  primary key (key, topic)
);
create index inbox_gap_mark_unknown on inbox_gap_mark (topic, partition) where not is_known;
create index inbox_gap_mark_of_timeline on inbox_gap_mark (timeline) where lost > 0;

comment on table inbox_gap_mark is 'Keys whose records are missing, or may be';
comment on column inbox_gap_mark.timeline is 'The timeline of the missing records';
comment on column inbox_gap_mark.is_known is 'False: the owner has not published the last sequence of the key yet';
comment on column inbox_gap_mark.lost is 'The number of records that are permanently missing';
comment on column inbox_gap_mark.is_headless is 'The first record of the key is missing: of a case, its opening';
