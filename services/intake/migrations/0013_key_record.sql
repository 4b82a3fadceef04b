-- Apart from party_key, which every service has: the other services need none of this.
create table key_record (
  key_id text primary key,
  label text,
  created_at timestamptz,
  last_used_at timestamptz
);

comment on table key_record is 'What the operator is shown of an API key';
comment on column key_record.created_at is 'Null: the operator''s key, which is given and not made';
comment on column key_record.last_used_at is 'At most a minute behind. Null: never used';
