-- The wall has no row. The mark moves under the lock of the row, which makes it the same for all partitions.
create table timeline (
  id text primary key,
  owner text not null,
  parties text[],
  mark timestamptz,
  marks integer not null default 0,
  imported_rows bigint not null default 0,
  latest_at timestamptz,
  ended_at timestamptz
);

comment on table timeline is 'Stepped timelines and imports';
comment on column timeline.parties is 'Who besides the owner may open cases on it. Null: all, where the owner is the operator';
comment on column timeline.mark is 'Of a stepped timeline, its now; of an import, the end of its history once that is known';
comment on column timeline.marks is 'Sequence of the last mark that was published';
comment on column timeline.imported_rows is 'Of an import, the number of the last row that was taken';
comment on column timeline.latest_at is 'Of an import, the latest time of all rows';
