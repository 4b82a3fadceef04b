-- One transaction saves the row and the effects of the request, so after a crash both exist, or neither. A row never
-- changes, and is deleted after 24 hours.
create table idempotency (
  party text not null,
  timeline text not null,
  key text not null,
  request_hash bytea not null,
  status smallint not null,
  answer text not null,
  kept_at timestamptz not null default clock_timestamp(),
  primary key (party, timeline, key)
);
create index idempotency_kept_at on idempotency (kept_at); -- for the loop that deletes the oldest rows
create index idempotency_of_timeline on idempotency (timeline) where timeline <> 'wall'; -- for the removal of a timeline

comment on table idempotency is 'The first response to each idempotency key, for 24 hours';
comment on column idempotency.timeline is 'The same key on another timeline is another key';
comment on column idempotency.request_hash is 'SHA-256 of method, path and body: another request under the same key is refused';
comment on column idempotency.answer is 'The body as JSON; a response with a secret is encrypted with a key that only the sender of the request has';
