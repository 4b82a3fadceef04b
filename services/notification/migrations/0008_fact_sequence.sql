-- Notification publishes on three topics, and each has its own sequences. Results of deliveries and unreachable pages have the case as
-- key, and the dialling has one key. A sequence is allocated under the lock of its row.
create table fact_sequence (
  key text not null,
  sequence bigint not null,
  topic text not null,
  primary key (topic, key)
) with (fillfactor = 85);

comment on table fact_sequence is 'The last sequence of each key on a topic of notification';
