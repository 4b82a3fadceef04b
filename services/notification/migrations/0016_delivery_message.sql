-- Notification publishes the outcome of an outbound message once, so it must recognize the delivery of the message. All mails of one
-- carrier have one target. With a target for each customer, each claim would read as many targets as there are waiting mails.
alter table delivery add column outbound_message_id text;

comment on column delivery.target is 'The id of a subscription, an address, or the outbound messages of one carrier';
comment on column delivery.outbound_message_id is 'The outbound message that this delivery sends to the customer as mail. Null for other deliveries';
