-- One event for one receiver.
create table delivery (
  delivery_id text primary key,
  event_id text not null, -- also the webhook-id, at every attempt
  -- Whom it goes to: a subscription's id, or an address of the last resort. The same event goes to nobody twice.
  target text not null,
  subscription_id text references subscription,
  party text not null,
  case_id text not null,
  timeline text not null,
  event_type text not null,
  event_at timestamptz not null,
  cause_topic text not null,
  cause_sequence bigint not null,
  url text not null,
  payload text not null, -- as it is signed and sent, byte for byte
  state text not null check (state in ('waiting', 'delivered', 'abandoned', 'recorded', 'cancelled')),
  -- Waiting only: when it may be sent. A claim moves it behind the longest that an attempt can take, so that what a dead
  -- process had in hand comes due again.
  due_at timestamptz,
  give_up_at timestamptz, -- behind a receiver that is known to be dead nothing waits for longer
  attempts integer not null default 0, -- over its whole life: the number of the last one
  tries integer not null default 0, -- since it was created or redelivered: the place in the schedule
  last_status integer,
  created_at timestamptz not null,
  ended_at timestamptz,
  unique (event_id, target),
  check ((state = 'waiting') = (due_at is not null)),
  check ((state = 'waiting') = (ended_at is null))
) with (
  fillfactor = 80,
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000
);

-- The worker takes the oldest due ones of each target, so that a backlog of one is never read through for another.
create index delivery_due on delivery (target, due_at) where state = 'waiting';
create index delivery_of_party on delivery (party, delivery_id);
create index delivery_of_case on delivery (case_id);
create index delivery_waiting_of_timeline on delivery (timeline) where state = 'waiting' and timeline <> 'wall';
create index delivery_ended on delivery (ended_at) where ended_at is not null;

create table delivery_attempt (
  delivery_id text not null references delivery on delete cascade,
  number integer not null,
  attempted_at timestamptz not null,
  duration_ms integer not null,
  status integer, -- the receiver's HTTP status, or else
  error text, -- why there was none
  primary key (delivery_id, number),
  check ((status is null) <> (error is null))
);

-- A receiver that fails, and until when it is left alone; one that works has no row. By target, not by host: two
-- companies can have receivers at one host, and neither may hold up the other.
create table circuit (
  target text primary key,
  failures integer not null, -- in a row
  open_until timestamptz not null
);
