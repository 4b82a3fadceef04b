-- A claim sets due_at to an instant after the end of the longest attempt. If the process dies, its deliveries become due again.
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

-- The delivery loop claims the oldest due deliveries of each target. With this index it need not scan the backlog of one target
-- to find the deliveries of another. The loop never claims a page that another delivery carries.
create index delivery_due on delivery (target, due_at) where state = 'waiting' and goes_with is null;
create index delivery_goes_with on delivery (goes_with) where goes_with is not null;
create index delivery_of_bundle on delivery (bundle_id) where bundle_id is not null;
create index delivery_of_ring_test on delivery (ring_test_id) where ring_test_id is not null;
create index delivery_of_party on delivery (party, delivery_id);
create index delivery_of_case on delivery (case_id);
create index delivery_waiting_of_timeline on delivery (timeline) where state = 'waiting' and timeline <> 'wall';
create index delivery_ended on delivery (ended_at) where ended_at is not null;

comment on table delivery is 'One event or page for one receiver';
comment on column delivery.event_id is 'The event. Its id is also the webhook-id of all attempts, except for a bundle';
comment on column delivery.target is 'The id of a subscription, or an address';
comment on column delivery.case_id is 'Null for a test page';
comment on column delivery.payload is 'The payload that notification signs and sends, byte for byte';
comment on column delivery.due_at is 'The instant from which a waiting delivery can be claimed';
comment on column delivery.give_up_at is 'From this instant on the delivery is not retried. If it then waits behind an open circuit, it is abandoned';
comment on column delivery.attempts is 'The number of all attempts';
comment on column delivery.tries is 'The number of attempts since the delivery was created or last sent again by hand, which selects the next wait in the schedule of retries';
comment on column delivery.page is 'The reason of a page or of a call of the last resort. Null for other deliveries';
comment on column delivery.bundle_id is 'The page message to which a page is bound';
comment on column delivery.goes_with is 'The delivery that carries the bundle. Null for the delivery that carries the bundle';
