-- Topics overtake each other: an event that follows an offer can be read before the offer, most often after an outage. The event waits
-- here until the hand-off topic has been read that far. Rows are written only for types to which a vendor has subscribed.
create table early_event (
  event_id text primary key,
  case_id text not null,
  partition integer not null,
  event jsonb not null,
  kept_at timestamptz not null default clock_timestamp()
);
create index early_event_of_case on early_event (case_id);
create index early_event_by_age on early_event (partition, kept_at);

comment on table early_event is 'Events that were read before an offer that they may follow, for some minutes';
