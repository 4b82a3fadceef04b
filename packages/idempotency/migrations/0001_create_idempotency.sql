-- The first answer to every idempotency key, committed together with what the request did: after a crash there are both
-- or neither. A row is written once and never changed, and goes after 24 hours.
create table idempotency (
  party text not null,
  -- The same key on another timeline is another key: whatever looks across cases stays within one.
  timeline text not null,
  key text not null,
  -- SHA-256 of method, path and body: another request under the same key is refused.
  request_hash bytea not null,
  status smallint not null,
  -- The body as JSON; where the answer holds a secret, sealed with one that only the sender of the request has.
  answer text not null,
  kept_at timestamptz not null default clock_timestamp(),
  primary key (party, timeline, key)
);

-- For the worker that deletes the oldest.
create index idempotency_kept_at on idempotency (kept_at);
