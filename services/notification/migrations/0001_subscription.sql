-- The rows of deleted and disabled subscriptions stay for the delivery log. Such subscriptions match no later event.
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
-- This index serves the match of events, the list of a party's subscriptions, and the limit of subscriptions.
create index subscription_of_party on subscription (party, timeline);

comment on table subscription is 'The webhook and mail subscriptions of each party, with the events that each subscription receives';
comment on column subscription.events is 'Null: all events that the party may read';
comment on column subscription.secret is 'Notification signs messages with the secret, so it is not encrypted. The API shows it once';
comment on column subscription.former_secret is 'After a renewal messages have two signatures for a limited time, in which the receiver can change its secret';
