-- The table has only the ids of firings, by which the auditor recognizes a second firing of the same threshold. An id does not name its
-- case, so the firings of an import also have their timeline, for the removal of the import.
create table firing (
  firing_id text collate "C" primary key,
  sequence integer not null,
  timeline text collate "C"
);
create index firing_of_import on firing (timeline) where timeline is not null;

comment on table firing is 'Every firing that the timer has published, by its correct id';
comment on column firing.sequence is 'The sequence of its first record on the clock topic';
comment on column firing.timeline is 'The timeline of an import. Null: another timeline';
