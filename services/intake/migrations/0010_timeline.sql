-- The wall timeline has no row. The mark moves under the lock of the row, so that every partition receives the same mark.
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
comment on column timeline.parties is 'The parties that may use the timeline in addition to its owner. Null: all parties, if the owner is the operator';
comment on column timeline.mark is 'Stepped timeline: its now. Import: the instant at which its history ended, or null while rows can be imported';
comment on column timeline.marks is 'The sequence of the last published mark';
comment on column timeline.imported_rows is 'Import: the number of the last imported row';
comment on column timeline.latest_at is 'Import: the latest time of all rows';
