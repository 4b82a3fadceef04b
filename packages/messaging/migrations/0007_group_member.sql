-- The process of a member holds an advisory lock on the member's name while it is connected. `kill -9` frees that lock
-- at once, whereas the broker waits for a session timeout. Other members therefore learn of the end of a process from
-- the lock first, and from the broker later.
create table group_member (
  member_id text primary key,
  server_started_at timestamptz not null
);

comment on table group_member is 'The members of the consumer group, by the broker''s name for each';
comment on column group_member.server_started_at is 'Start of the PostgreSQL server that held the lock: locks of another run of the server prove nothing';
