-- What the operator is shown of an API key beside what every service knows of it. A key from before has no row until it is used.
create table key_record (
  key_id text primary key,
  label text,
  created_at timestamptz, -- null: made before this was written down, or given (the operator's)
  last_used_at timestamptz -- at most a minute behind
);
