-- A row is claimed by moving due_at behind the longest that an attempt can take: so the deliveries of a process that died come due again.
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
  unique (event_id, target), -- the same event goes to no target twice
  check ((state = 'waiting') = (due_at is not null)),
  check ((state = 'waiting') = (ended_at is null)),
  constraint delivery_of_case_or_ring_test check (num_nonnulls(case_id, ring_test_id) = 1)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- The worker takes the oldest due deliveries of each target, so that the backlog of one target is never read through for another. A page
-- that goes with another one is never claimed.
create index delivery_due on delivery (target, due_at) where state = 'waiting' and goes_with is null;
create index delivery_goes_with on delivery (goes_with) where goes_with is not null;
create index delivery_of_bundle on delivery (bundle_id) where bundle_id is not null;
create index delivery_of_ring_test on delivery (ring_test_id) where ring_test_id is not null;
create index delivery_of_party on delivery (party, delivery_id);
create index delivery_of_case on delivery (case_id);
create index delivery_waiting_of_timeline on delivery (timeline) where state = 'waiting' and timeline <> 'wall';
create index delivery_ended on delivery (ended_at) where ended_at is not null;

comment on table delivery is 'One event for one receiver: a webhook, a page, or a call of the last resort';
comment on column delivery.event_id is 'Also the webhook-id, at every attempt';
comment on column delivery.target is 'The id of a subscription, or an address';
comment on column delivery.case_id is 'Null: a ring test';
comment on column delivery.payload is 'As it is signed and sent, byte for byte';
comment on column delivery.due_at is 'While it waits: when it may be sent';
comment on column delivery.give_up_at is 'A delivery that waits behind a receiver known to be dead is abandoned then';
comment on column delivery.attempts is 'Over its whole life: the number of the last attempt';
comment on column delivery.tries is 'Since it was created or redelivered: the place in the schedule of retries';
comment on column delivery.page is 'Why a person is paged or called. Null: everything else';
comment on column delivery.bundle_id is 'The message that a page goes with';
comment on column delivery.goes_with is 'The delivery that carries the bundle; set in all pages of the bundle but that one';
