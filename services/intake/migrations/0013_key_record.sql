-- Every service has the table party_key. Only intake needs the data of this table.
create table key_record (
  key_id text primary key,
  label text,
  created_at timestamptz,
  last_used_at timestamptz
);

comment on table key_record is 'The data of an API key that the operator can read';
comment on column key_record.created_at is 'Null: the operator''s key, which the configuration sets';
comment on column key_record.last_used_at is 'Saved at most a minute late Null: never used';
