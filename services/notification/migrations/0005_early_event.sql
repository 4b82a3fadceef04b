-- The topics have no common order. Notification can read an event before it reads the offer that precedes the event, most often
-- after an outage. The event then waits in this table until notification has read the offer. Notification stores only events of
-- types to which a vendor has subscribed.
create table early_event (
  event_id text primary key,
  case_id text not null,
  partition integer not null,
  event jsonb not null,
  kept_at timestamptz not null default clock_timestamp()
);
create index early_event_of_case on early_event (case_id);
create index early_event_by_age on early_event (partition, kept_at);

comment on table early_event is 'Events that wait some minutes for an offer that may precede them';
