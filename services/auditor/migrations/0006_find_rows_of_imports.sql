-- For the removal of an import: its cases, and its firings, whose ids do not say which case they are of. Rows of the wall are in
-- neither index. Firings from before have no timeline and stay.
create index audited_case_of_import on audited_case (timeline, case_id) where starts_with(timeline, 'imp_');
alter table firing add column timeline text collate "C"; -- null: not an import's
create index firing_of_import on firing (timeline) where timeline is not null;
