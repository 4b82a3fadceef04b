-- Every service has the table party_key. Only intake needs the data in key_record, so this data has its own table.
create table key_record (
  key_id text primary key,
  label text,
  created_at timestamptz,
  last_used_at timestamptz
);

comment on table key_record is 'The label and times of each API key, which the operator can read';
comment on column key_record.created_at is 'Null: the key is the operator''s own, which the configuration sets';
comment on column key_record.last_used_at is 'The time of the last use, saved at most a minute late. Null: the key was never used';
