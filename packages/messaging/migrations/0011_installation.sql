-- Positions in this database belong to one Kafka, and sequences on that Kafka to these databases: each service compares the ids at its
-- start. Intake makes the id and publishes it on the party topic; the other services copy it from there.
create table installation (
  only_one boolean primary key default true check (only_one),
  id text not null
);

comment on table installation is 'The installation that this schema belongs to. No row: a first start, before the id was published or read';
