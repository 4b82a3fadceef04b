-- Who is in the consumer group, by the broker's name for each. A member's process holds an advisory lock by that name for as
-- long as it has its connection, so that others see when it is gone: `kill -9` frees the lock at once, while the broker waits
-- for its session to time out. `server_started_at`: locks of another run of this server tell nothing.
create table group_member (
  member_id text primary key,
  server_started_at timestamptz not null
);
