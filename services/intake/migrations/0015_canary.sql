-- A worker leases a canary for one step of its run, so that a process that dies loses one step and not the run. The columns that a lease
-- compares are outside the state. The key is encrypted with INTERNAL_KEY, which no copy of the database contains.
create table canary (
  id text primary key,
  carrier text not null,
  line text not null,
  channel text not null,
  every_ms bigint not null,
  within_ms bigint not null,
  key_id text not null unique,
  sealed_key text not null,
  state json not null,
  running boolean not null,
  due_at timestamptz not null,
  step_at timestamptz not null,
  lease text,
  lease_until timestamptz,
  created_at timestamptz not null,
  acknowledged_at timestamptz,
  unique (carrier, line, channel)
);
create index canary_step on canary (step_at);

comment on table canary is 'The canaries of the carriers, each with its API key and the state of its runs (CanaryState)';
comment on column canary.sealed_key is 'The API key of the canary, encrypted with INTERNAL_KEY (AES-256-GCM)';
comment on column canary.running is 'True: a run is in progress';
comment on column canary.due_at is 'The time of the next run, or of the run in progress';
comment on column canary.step_at is 'The time at which a worker takes the next step';
comment on column canary.lease is 'The worker that takes a step now. A worker that has lost its lease saves nothing';
comment on column canary.acknowledged_at is 'The end of the last run that was not missed. Null: no run was acknowledged';
