-- Deleted and disabled subscriptions stay for the delivery log, and match no later event.
create table subscription (
  subscription_id text primary key,
  party text not null,
  party_kind text not null check (party_kind in ('carrier', 'vendor')),
  timeline text not null,
  url text not null,
  events text[],
  description text,
  secret text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  ended_because text check (ended_because in ('deleted', 'gone')),
  former_secret text,
  former_secret_until timestamptz,
  check ((ended_at is null) = (ended_because is null)),
  constraint former_secret_ends check ((former_secret is null) = (former_secret_until is null))
);
-- For the match of events, for a party's list, and for its limit.
create index subscription_of_party on subscription (party, timeline);

comment on table subscription is 'The subscriptions of each party by webhook or mail, and the events that each receives';
comment on column subscription.events is 'Null: all that the party may read';
comment on column subscription.secret is 'Not encrypted, since it signs messages. The API shows it once';
comment on column subscription.former_secret is 'After a renewal messages have two signatures for a time, so that the receiver can change its secret';
