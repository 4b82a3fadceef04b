-- The schema also has the tables of packages/{messaging,access,idempotency}/schema.sql.

-- One row per case: which companies may receive its events
create table case_record (
  case_id text not null,
  timeline text not null,
  carrier text not null,
  carrier_case_id text not null,
  reading json, -- The part of each company in the case. Null: before the first offer
  constraint case_record_pkey primary key (case_id)
);

-- The vendors that a case was offered to, and the span of records that each receives
create table case_vendor (
  case_id text not null,
  vendor text not null,
  since_at timestamp with time zone not null, -- The instant of the first offer
  case_sequence bigint not null,
  clock_sequence bigint not null,
  handoff_sequence bigint not null,
  until_at timestamp with time zone, -- With until_topic and until_sequence: the record that ended the vendor's last part. Null: the vendor has a part
  until_topic text,
  until_sequence bigint,
  constraint case_vendor_pkey primary key (case_id, vendor)
);

-- Receivers that fail
create table circuit (
  target text not null,
  failures integer not null, -- The failures in a row
  open_until timestamp with time zone not null, -- No attempt is made before this instant
  constraint circuit_pkey primary key (target)
);

-- One event or page for one receiver
create table delivery (
  delivery_id text not null,
  event_id text not null, -- Also the webhook-id of all attempts, except of a bundle
  target text not null, -- The id of a subscription, or an address
  subscription_id text,
  party text not null,
  case_id text, -- Null: a test page
  timeline text not null,
  event_type text not null,
  event_at timestamp with time zone not null,
  cause_topic text not null,
  cause_sequence bigint not null,
  url text not null,
  payload text not null, -- The signed and sent payload, byte for byte
  state text not null,
  due_at timestamp with time zone, -- While it waits: the instant from which it can be claimed
  give_up_at timestamp with time zone, -- From this instant it is not retried, and is abandoned behind an open circuit
  attempts integer default 0 not null, -- The number of all attempts
  tries integer default 0 not null, -- The attempts since it was created or sent again by hand: the place in the schedule of retries
  last_status integer,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  page jsonb, -- The reason of a page or call. Null: other deliveries
  bundle_id text, -- The message of a page, alone or with others
  goes_with text, -- The delivery that carries the bundle; null in that delivery
  ring_test_id text,
  constraint delivery_pkey primary key (delivery_id),
  constraint delivery_check check (((state = 'waiting'::text) = (due_at is not null))),
  constraint delivery_check1 check (((state = 'waiting'::text) = (ended_at is null))),
  constraint delivery_event_id_target_key unique (event_id, target),
  constraint delivery_of_case_or_ring_test check ((num_nonnulls(case_id, ring_test_id) = 1)),
  constraint delivery_state_check check ((state = any (array['waiting'::text, 'delivered'::text, 'abandoned'::text, 'recorded'::text, 'cancelled'::text, 'overtaken'::text]))),
  constraint delivery_subscription_id_fkey foreign key (subscription_id) references subscription(subscription_id)
) with (
  autovacuum_vacuum_scale_factor=0.02,
  autovacuum_vacuum_threshold=1000,
  fillfactor=80
);
create index delivery_due on delivery using btree (target, due_at) where ((state = 'waiting'::text) and (goes_with is null));
create index delivery_ended on delivery using btree (ended_at) where (ended_at is not null);
create index delivery_goes_with on delivery using btree (goes_with) where (goes_with is not null);
create index delivery_of_bundle on delivery using btree (bundle_id) where (bundle_id is not null);
create index delivery_of_case on delivery using btree (case_id);
create index delivery_of_party on delivery using btree (party, delivery_id);
create index delivery_of_ring_test on delivery using btree (ring_test_id) where (ring_test_id is not null);
create index delivery_waiting_of_timeline on delivery using btree (timeline) where ((state = 'waiting'::text) and (timeline <> 'wall'::text));

-- Each attempt to send a delivery
create table delivery_attempt (
  delivery_id text not null,
  number integer not null,
  attempted_at timestamp with time zone not null,
  duration_ms integer not null,
  status integer, -- The receiver's HTTP or SMTP status
  error text, -- The reason why there is no status
  constraint delivery_attempt_pkey primary key (delivery_id, number),
  constraint delivery_attempt_check check (((status is null) <> (error is null))),
  constraint delivery_attempt_delivery_id_fkey foreign key (delivery_id) references delivery(delivery_id) on delete cascade
);

-- The contact methods that this installation can use, as published last
create table dialling (
  only_one boolean default true not null,
  mail boolean not null,
  private_addresses text not null,
  constraint dialling_pkey primary key (only_one),
  constraint dialling_only_one_check check (only_one),
  constraint dialling_private_addresses_check check ((private_addresses = any (array['refuse'::text, 'allow'::text])))
);

-- Events that were read before an offer that they may follow, for some minutes
create table early_event (
  event_id text not null,
  case_id text not null,
  partition integer not null,
  event jsonb not null,
  kept_at timestamp with time zone default clock_timestamp() not null,
  constraint early_event_pkey primary key (event_id)
);
create index early_event_by_age on early_event using btree (partition, kept_at);
create index early_event_of_case on early_event using btree (case_id);

-- The last sequence of each key on a topic of notification
create table fact_sequence (
  key text not null,
  sequence bigint not null,
  topic text not null,
  constraint fact_sequence_pkey primary key (topic, key)
) with (
  fillfactor=85
);

-- The sequences of the internal entries of a case on the case topic
create table internal_entry (
  case_id text not null,
  sequence integer not null,
  party text not null, -- The company that reads the entry
  constraint internal_entry_pkey primary key (case_id, sequence)
);

-- The secret that signs a carrier's calls of the last resort and a party's pages
create table last_resort_secret (
  party text not null,
  secret text not null,
  former_secret text, -- As in the table subscription
  former_secret_until timestamp with time zone,
  constraint last_resort_secret_pkey primary key (party),
  constraint former_secret_ends check (((former_secret is null) = (former_secret_until is null)))
);

-- One message that pages a person, with one page or several
create table page_bundle (
  bundle_id text not null,
  party text not null, -- The party of the roster. A bundle has pages of one party
  target text not null,
  payload text, -- The signed and sent payload of several pages. Null: one page, with its own payload
  fixed_at timestamp with time zone not null,
  people text[] not null, -- The people of the message. Several can share an address, and the message counts for each of them
  constraint page_bundle_pkey primary key (bundle_id)
);
create index page_bundle_by_age on page_bundle using btree (fixed_at);
create index page_bundle_of_party on page_bundle using btree (party, fixed_at);

-- The latest event of each kind, per case, that can overtake its pages
create table page_fact (
  case_id text not null,
  name text not null,
  value text not null,
  topic text not null,
  sequence bigint not null, -- The sequence on its topic: all events of one name come from one topic
  happened_at timestamp with time zone not null,
  constraint page_fact_pkey primary key (case_id, name)
) with (
  fillfactor=85
);

-- Ring tests of rosters
create table ring_test (
  ring_test_id text not null,
  party text not null,
  roster text not null,
  people jsonb not null, -- [{person, addresses}]. Several people can share an address
  tested_at timestamp with time zone not null,
  constraint ring_test_pkey primary key (ring_test_id)
);
create index ring_test_by_age on ring_test using btree (tested_at);

-- The subscriptions of each party by webhook or mail, and the events that each receives
create table subscription (
  subscription_id text not null,
  party text not null,
  party_kind text not null,
  timeline text not null,
  url text not null,
  events text[], -- Null: all that the party may read
  description text,
  secret text not null, -- Not encrypted, since it signs messages. The API shows it once
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_because text,
  former_secret text, -- After a renewal messages have two signatures for a time, so that the receiver can change its secret
  former_secret_until timestamp with time zone,
  constraint subscription_pkey primary key (subscription_id),
  constraint former_secret_ends check (((former_secret is null) = (former_secret_until is null))),
  constraint subscription_check check (((ended_at is null) = (ended_because is null))),
  constraint subscription_ended_because_check check ((ended_because = any (array['deleted'::text, 'gone'::text]))),
  constraint subscription_party_kind_check check ((party_kind = any (array['carrier'::text, 'vendor'::text])))
);
create index subscription_of_party on subscription using btree (party, timeline);

-- Stepped timelines that exist
create table timeline (
  id text not null,
  constraint timeline_pkey primary key (id)
);
