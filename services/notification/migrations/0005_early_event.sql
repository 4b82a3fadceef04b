-- Topics overtake each other: an event that follows an offer can be read before it, most of all when the backlog of an outage is worked
-- off. It waits here until the hand-off topic has been read as far. Written only for types that some vendor has subscribed to.
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
