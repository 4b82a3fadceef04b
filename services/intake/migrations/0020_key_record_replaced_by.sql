-- The end of a rotated key is the end of its overlap. A second rotation would give this end to the new key, so intake must know which
-- keys were rotated.
alter table key_record add column replaced_by text;

comment on column key_record.replaced_by is 'The key that a rotation made in the place of this key. Null: the key was not rotated';
