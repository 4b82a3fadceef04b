-- The process of a member holds an advisory lock by the member's name for as long as it has its connection. `kill -9` frees that lock
-- at once, while the broker waits for the session to time out: so other members see sooner that a member is gone.
create table group_member (
  member_id text primary key,
  server_started_at timestamptz not null
);

comment on table group_member is 'The members of the consumer group, by the broker''s name for each';
comment on column group_member.server_started_at is 'Start of the PostgreSQL server that held the lock: locks of another run of the server prove nothing';
