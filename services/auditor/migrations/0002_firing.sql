-- Only the identity is kept, by which a second firing is recognised. Its id does not say which case it is of, so an import's has its
-- timeline beside it for the removal of the import.
create table firing (
  firing_id text collate "C" primary key,
  sequence integer not null,
  timeline text collate "C"
);
create index firing_of_import on firing (timeline) where timeline is not null;

comment on table firing is 'Every firing that the timer has published, by its identity';
comment on column firing.sequence is 'Of the record on the clock topic';
comment on column firing.timeline is 'Null: not of an import';
