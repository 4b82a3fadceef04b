-- Two people can share an address: a message counts for each of its people.
alter table page_bundle add column people text[];
update page_bundle set people = array[person];
alter table page_bundle alter column people set not null;
alter table page_bundle drop column person;
