-- Who may hear of a case (invariant 8), kept from case.opened and handoff.offered. Imported cases are not kept: of them
-- nobody hears anything.
create table case_record (
  case_id text primary key,
  timeline text not null,
  carrier text not null,
  carrier_case_id text not null
);

-- A vendor that the case was offered to, from its first offer on: what happened before stays unknown to it. The sequences
-- are those of the topics at that moment, as the offer names them; what is not above them came before.
create table case_vendor (
  case_id text not null,
  vendor text not null,
  since_at timestamptz not null,
  case_sequence bigint not null,
  clock_sequence bigint not null,
  handoff_sequence bigint not null,
  primary key (case_id, vendor)
);

-- The topics overtake each other: what happened on a case after its offer can be read before it, most of all when the
-- backlog of an outage is worked off. Such an event waits here for a vendor that may have to hear of it, until the hand-off
-- topic has been read as far. Only written for types that some vendor has subscribed to.
create table early_event (
  event_id text primary key,
  case_id text not null,
  partition integer not null,
  event jsonb not null,
  kept_at timestamptz not null default clock_timestamp()
);
create index early_event_of_case on early_event (case_id);
create index early_event_by_age on early_event (partition, kept_at);

-- The sequence of each case on this service's own topic, allocated under the row's lock.
create table case_sequence (
  case_id text primary key,
  sequence bigint not null
) with (fillfactor = 85);
