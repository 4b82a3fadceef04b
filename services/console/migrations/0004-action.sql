-- The log is not rebuilt, and no other source has all of its rows. It is therefore append-only and must be in every backup.
create table action (
  number bigint not null,
  at timestamptz not null,
  party text collate "C" not null,
  source text collate "C" not null,
  operation text collate "C" not null,
  person text collate "C",
  case_id text collate "C",
  hash text collate "C" not null,
  content jsonb not null,
  primary key (party, number),
  unique (party, source)
);
create index action_of_case on action (party, case_id, number) where case_id is not null;
create index action_of_person on action (party, person, number) where person is not null;
comment on table action is 'The action log: the commands and reads of each company, numbered and chained. No row is ever changed or deleted';
comment on column action.source is 'The id of the event from which the row comes. A rebuild skips the sources that the log has';
comment on column action.hash is 'The SHA-256 of the hash of the row before and of this row, which an export repeats';
comment on column action.content is 'The row without its hash, as responses have it';

create table action_head (
  number bigint not null,
  party text collate "C" primary key,
  hash text collate "C"
) with (fillfactor = 50);
comment on table action_head is 'The last row of each company''s part. A transaction holds the lock of this row until its commit, so the numbers have no gaps';

create function refuse_change_of_action() returns trigger language plpgsql as $$
begin
  raise exception 'the action log is append-only' using errcode = 'restrict_violation';
end;
$$;
create trigger action_is_append_only before update or delete or truncate on action
  for each statement execute function refuse_change_of_action();

-- The role of the service owns the table, and takes its own rights to change rows away.
revoke update, delete, truncate on action from current_user;
