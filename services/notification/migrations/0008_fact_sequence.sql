-- Notification publishes on three topics, and each topic has its own sequences. Delivery results and unreachable pages have the
-- case as their key. The dialling has one key. A transaction locks the row before it allocates a sequence.
create table fact_sequence (
  key text not null,
  sequence bigint not null,
  topic text not null,
  primary key (topic, key)
) with (fillfactor = 85);

comment on table fact_sequence is 'The last sequence of each key on a topic of notification';
