-- The positions in this database belong to one Kafka, and the sequences on that Kafka belong to the databases of this
-- installation. Each service therefore compares the ids at its start. Intake makes the id and publishes it on the party
-- topic. The other services copy the id from there.
create table installation (
  only_one boolean primary key default true check (only_one),
  id text not null
);

comment on table installation is 'The installation that this schema belongs to. No row: a first start, before the id was published or read';
