-- Notification publishes on three topics, each of which counts by itself: results of deliveries and unreachable pages by case, and the
-- dialling rule by one key. A sequence is allocated under the lock of its row.
create table fact_sequence (
  key text not null,
  sequence bigint not null,
  topic text not null,
  primary key (topic, key)
) with (fillfactor = 85);

comment on table fact_sequence is 'The last sequence of each key on a topic of notification';
