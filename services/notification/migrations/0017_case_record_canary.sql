-- Subscriptions by mail receive no event of a canary's case, because a mailbox belongs to a person. Only `case.opened` has the mark, so
-- notification must store it for the later events.
alter table case_record add column of_canary boolean not null default false;

comment on column case_record.of_canary is 'True: a canary opened the case';
