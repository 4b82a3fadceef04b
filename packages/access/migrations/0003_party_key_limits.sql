-- A company gives each of its programs only the rights that the program needs. Every service must know the limits of a
-- key without a call to intake, so they are columns of the copy.
alter table party_key
  add column scopes text[],
  add column expires_at timestamptz;

comment on column party_key.scopes is 'The scopes of the key. Null: all scopes, as for keys from before scopes existed';
comment on column party_key.expires_at is 'From this instant on, the services refuse the key. Null: the key does not expire';
