-- A claim moves due_at beyond the longest attempt. If the process dies, its deliveries become due again.
create table delivery (
  delivery_id text primary key,
  event_id text not null,
  target text not null,
  subscription_id text references subscription,
  party text not null,
  case_id text,
  timeline text not null,
  event_type text not null,
  event_at timestamptz not null,
  cause_topic text not null,
  cause_sequence bigint not null,
  url text not null,
  payload text not null,
  state text not null check (state in ('waiting', 'delivered', 'abandoned', 'recorded', 'cancelled', 'overtaken')),
  due_at timestamptz,
  give_up_at timestamptz,
  attempts integer not null default 0,
  tries integer not null default 0,
  last_status integer,
  created_at timestamptz not null,
  ended_at timestamptz,
  page jsonb,
  bundle_id text,
  goes_with text,
  ring_test_id text,
  unique (event_id, target), -- no target gets an event twice
  check ((state = 'waiting') = (due_at is not null)),
  check ((state = 'waiting') = (ended_at is null)),
  constraint delivery_of_case_or_ring_test check (num_nonnulls(case_id, ring_test_id) = 1)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- The delivery loop claims the oldest due deliveries of each target, so it never scans the backlog of one target for another. A page that
-- another delivery carries is never claimed.
create index delivery_due on delivery (target, due_at) where state = 'waiting' and goes_with is null;
create index delivery_goes_with on delivery (goes_with) where goes_with is not null;
create index delivery_of_bundle on delivery (bundle_id) where bundle_id is not null;
create index delivery_of_ring_test on delivery (ring_test_id) where ring_test_id is not null;
create index delivery_of_party on delivery (party, delivery_id);
create index delivery_of_case on delivery (case_id);
create index delivery_waiting_of_timeline on delivery (timeline) where state = 'waiting' and timeline <> 'wall';
create index delivery_ended on delivery (ended_at) where ended_at is not null;

comment on table delivery is 'One event or page for one receiver';
comment on column delivery.event_id is 'Also the webhook-id of all attempts, except of a bundle';
comment on column delivery.target is 'The id of a subscription, or an address';
comment on column delivery.case_id is 'Null: a test page';
comment on column delivery.payload is 'The signed and sent payload, byte for byte';
comment on column delivery.due_at is 'While it waits: the instant from which it can be claimed';
comment on column delivery.give_up_at is 'From this instant it is not retried, and is abandoned behind an open circuit';
comment on column delivery.attempts is 'The number of all attempts';
comment on column delivery.tries is 'The attempts since it was created or sent again by hand: the place in the schedule of retries';
comment on column delivery.page is 'The reason of a page or call. Null: other deliveries';
comment on column delivery.bundle_id is 'The message of a page, alone or with others';
comment on column delivery.goes_with is 'The delivery that carries the bundle; null in that delivery';
