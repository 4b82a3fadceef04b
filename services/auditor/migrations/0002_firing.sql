-- The auditor uses these ids to find a second firing of the same threshold. The case cannot be read from an id, so the rows of an
-- import also contain the timeline. The removal of the import deletes rows by the timeline.
create table firing (
  firing_id text collate "C" primary key,
  sequence integer not null,
  timeline text collate "C"
);
create index firing_of_import on firing (timeline) where timeline is not null;

comment on table firing is 'Every firing that the timer has published, with the id that the auditor calculated';
comment on column firing.sequence is 'The sequence of the first record of the firing on the clock topic';
comment on column firing.timeline is 'The timeline, if it is an import. Null for other timelines';
