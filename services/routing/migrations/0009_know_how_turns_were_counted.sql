-- Daily turns are counted over the days with hours since this version; before, every day was a turn. Rosters published until now were
-- written with the earlier rule in mind: their owners are warned where other people are on duty now, until they publish again.
alter table roster add column counted boolean not null default false;
alter table roster alter column counted drop default;
