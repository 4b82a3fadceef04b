-- What a party wants to hear of. Deleted and disabled ones stay for the delivery log, and are never matched again.
create table subscription (
  subscription_id text primary key,
  party text not null,
  party_kind text not null check (party_kind in ('carrier', 'vendor')),
  timeline text not null,
  url text not null,
  events text[], -- null: all that the party may see
  description text,
  secret text not null, -- must be had in the clear to sign with; shown once
  created_at timestamptz not null,
  ended_at timestamptz,
  ended_because text check (ended_because in ('deleted', 'gone')),
  check ((ended_at is null) = (ended_because is null))
);

-- For matching an event with who wants it, for a party's list, and for its limit.
create index subscription_of_party on subscription (party, timeline);

-- What a carrier's last-resort calls are signed with: their addresses stand in lines and have no subscription.
create table last_resort_secret (
  party text primary key,
  secret text not null
);
