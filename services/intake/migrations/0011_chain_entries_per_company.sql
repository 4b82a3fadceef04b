-- An entry is in one of the chains of its case. '' is the one chain of a case that was opened before this version; '*' is the
-- chain that all companies share; any other name is the company whose internal entries these are. Each chain counts by itself.
alter table entry add column chain text collate "C" not null default '';
alter table entry alter column chain drop default;
-- The order over all chains of a case: the sequence of the event. Earlier entries have one chain and are in its order.
alter table entry add column place integer;
update entry set place = number;
alter table entry alter column place set not null;
alter table entry drop constraint entry_pkey;
alter table entry add primary key (case_id, chain, number);
