-- When the case's next breach is due: lists of cases are ordered by it. It is written with the row and lies in no index, so an
-- update stays HOT. Null: no clock will breach by itself.
alter table case_clock add column breach_at timestamptz;
-- A row of an earlier version gets what comes due first, which is never later. The scanner writes the row by that instant, and then it is exact.
update case_clock set breach_at = due_at where due_at is not null;

-- The carrier stands behind the instant: a list of its cases passes over those of others inside the index. An index of its own would
-- be one more entry for each firing.
drop index case_clock_due;
create index case_clock_due on case_clock (timeline, partition, due_at, carrier) where due_at is not null;

-- The cases that a vendor reads as they are now.
create index case_party_reading on case_party (party, case_id) where as_of is null;
