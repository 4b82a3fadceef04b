-- The wall has no row. The mark moves under the lock of the row, so that it is the same for all partitions.
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
comment on column timeline.parties is 'The parties that may use it in addition to the owner. Null: all parties, if the owner is the operator';
comment on column timeline.mark is 'Of a stepped timeline: its now. Of an import: the end of its history, or null before that end';
comment on column timeline.marks is 'The sequence of the last published mark';
comment on column timeline.imported_rows is 'Of an import: the number of the last imported row';
comment on column timeline.latest_at is 'Of an import: the latest time of all rows';
