-- For the removal of a timeline. Rows of the wall, which are nearly all, are not in it.
create index idempotency_of_timeline on idempotency (timeline) where timeline <> 'wall';
