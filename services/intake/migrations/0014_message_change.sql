-- Rows are added under the lock of their case and never changed. A reader whose role has ended therefore reads the messages as of that
-- moment.
create table message_change (
  case_id text not null,
  place integer not null,
  message_id text not null,
  at timestamptz not null,
  type text not null,
  data json not null,
  primary key (case_id, place)
);
create index message_change_of_message on message_change (message_id);

comment on table message_change is 'The changes of the outbound messages of a case';
comment on column message_change.place is 'The sequence of the event that changed the message. This sequence orders the changes of a case';
comment on column message_change.type is 'The type of the event: `message.…`, or `case.contacted` when the message was sent';
comment on column message_change.data is 'The data of the event';
