-- The schema also has the tables of packages/{messaging,access,idempotency}/schema.sql.

-- One row per case, with the data that decide which companies may receive its events
create table case_record (
  case_id text not null,
  timeline text not null,
  carrier text not null,
  carrier_case_id text not null,
  reading json, -- The role of each company in the case. Null until the first offer
  of_canary boolean default false not null, -- True: a canary opened the case
  constraint case_record_pkey primary key (case_id)
);

-- The vendors to which a case was offered, and the span of records that each vendor receives
create table case_vendor (
  case_id text not null,
  vendor text not null,
  since_at timestamp with time zone not null, -- The instant of the first offer
  case_sequence bigint not null,
  clock_sequence bigint not null,
  handoff_sequence bigint not null,
  until_at timestamp with time zone, -- The instant of the record that ended the vendor's last part; until_topic and until_sequence name the record. Null while the vendor has a part
  until_topic text,
  until_sequence bigint,
  constraint case_vendor_pkey primary key (case_id, vendor)
);

-- Receivers whose last attempts failed
create table circuit (
  target text not null,
  failures integer not null, -- The number of consecutive failures
  open_until timestamp with time zone not null, -- Notification makes no attempt before this instant
  constraint circuit_pkey primary key (target)
);

-- One event or page for one receiver
create table delivery (
  delivery_id text not null,
  event_id text not null, -- The event. Its id is also the webhook-id of all attempts, except for a bundle
  target text not null, -- The id of a subscription, an address, or the outbound messages of one carrier
  subscription_id text,
  party text not null,
  case_id text, -- Null for a test page, and for an event about no case
  timeline text not null,
  event_type text not null,
  event_at timestamp with time zone not null,
  cause_topic text not null,
  cause_sequence bigint not null,
  url text not null,
  payload text not null, -- The payload that notification signs and sends, byte for byte
  state text not null,
  due_at timestamp with time zone, -- The instant from which a waiting delivery can be claimed
  give_up_at timestamp with time zone, -- From this instant on the delivery is not retried. If it then waits behind an open circuit, it is abandoned
  attempts integer default 0 not null, -- The number of all attempts
  tries integer default 0 not null, -- The number of attempts since the delivery was created or last sent again by hand, which selects the next wait in the schedule of retries
  last_status integer,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  page jsonb, -- The reason of a page or of a call of the last resort. Null for other deliveries
  bundle_id text, -- The page message to which a page is bound
  goes_with text, -- The delivery that carries the bundle. Null for the delivery that carries the bundle
  ring_test_id text,
  outbound_message_id text, -- The outbound message that this delivery sends to the customer as mail. Null for other deliveries
  constraint delivery_pkey primary key (delivery_id),
  constraint delivery_check check (((state = 'waiting'::text) = (due_at is not null))),
  constraint delivery_check1 check (((state = 'waiting'::text) = (ended_at is null))),
  constraint delivery_event_id_target_key unique (event_id, target),
  constraint delivery_of_case_ring_test_or_subscription check (((num_nonnulls(case_id, ring_test_id) = 1) or ((num_nonnulls(case_id, ring_test_id) = 0) and (subscription_id is not null)))),
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
  error text, -- The error of an attempt without a status
  constraint delivery_attempt_pkey primary key (delivery_id, number),
  constraint delivery_attempt_check check (((status is null) <> (error is null))),
  constraint delivery_attempt_delivery_id_fkey foreign key (delivery_id) references delivery(delivery_id) on delete cascade
);

-- The contact methods that this installation can use, as notification has last published them
create table dialling (
  only_one boolean default true not null,
  mail boolean not null,
  private_addresses text not null,
  constraint dialling_pkey primary key (only_one),
  constraint dialling_only_one_check check (only_one),
  constraint dialling_private_addresses_check check ((private_addresses = any (array['refuse'::text, 'allow'::text])))
);

-- Events that wait some minutes for an offer that may precede them
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
  party text not null, -- The only company that may read the entry
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

-- The page messages. Each has one page or several
create table page_bundle (
  bundle_id text not null,
  party text not null, -- The party of the roster. All pages of a message belong to the same party
  target text not null,
  payload text, -- The payload of a message with several pages. Null if the message has one page, whose own payload is sent
  fixed_at timestamp with time zone not null,
  people text[] not null, -- The people whom the message pages. Several people can share an address, and the message counts for each of them
  constraint page_bundle_pkey primary key (bundle_id)
);
create index page_bundle_by_age on page_bundle using btree (fixed_at);
create index page_bundle_of_party on page_bundle using btree (party, fixed_at);

-- The page signals of each case: the latest event of each name that can overtake the case's pages
create table page_fact (
  case_id text not null,
  name text not null,
  value text not null,
  topic text not null,
  sequence bigint not null, -- The sequence of the event on its topic. All events with one name come from one topic
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

-- The webhook and mail subscriptions of each party, with the events that each subscription receives
create table subscription (
  subscription_id text not null,
  party text not null,
  party_kind text not null,
  timeline text not null,
  url text not null,
  events text[], -- Null: all events that the party may read
  description text,
  secret text not null, -- Notification signs messages with the secret, so it is not encrypted. The API shows it once
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_because text,
  former_secret text, -- After a renewal messages have two signatures for a limited time, in which the receiver can change its secret
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
