-- The offsets of the inbox say which records are applied, but not which time that is. Each replica updates the rows of its own
-- partitions at a fixed interval.
create table position (
  read_until timestamptz,
  partition smallint primary key
) with (fillfactor = 50);

comment on table position is 'How far insight has read each partition';
comment on column position.read_until is 'Every record that was on the topics before this instant is applied. Null: insight has not yet read the partition to its end';
