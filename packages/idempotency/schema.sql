-- The first response to each idempotency key, for 24 hours
create table idempotency (
  party text not null,
  timeline text not null, -- The same key on another timeline is another key
  key text not null,
  request_hash bytea not null, -- SHA-256 of method, path and body: another request under the same key is refused
  status smallint not null,
  answer text not null, -- The body as JSON; a response with a secret is encrypted with a key that only the sender of the request has
  kept_at timestamp with time zone default clock_timestamp() not null,
  constraint idempotency_pkey primary key (party, timeline, key)
);
create index idempotency_kept_at on idempotency using btree (kept_at);
create index idempotency_of_timeline on idempotency using btree (timeline) where (timeline <> 'wall'::text);
