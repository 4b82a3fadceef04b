-- For the removal of an import: its cases, in the order in which cases are locked. Cases of the wall are not in it.
create index case_clock_of_import on case_clock (timeline, case_id) where starts_with(timeline, 'imp_');
