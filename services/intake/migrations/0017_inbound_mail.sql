-- The primary key makes a repeated delivery of the same mail harmless. Its first three columns also find the case of an earlier mail,
-- which another mail names in `References`.
create table inbound_mail (
  carrier text not null,
  timeline text not null,
  hash text collate "C" not null,
  mailbox text not null,
  case_id text not null,
  contact integer not null,
  at timestamptz not null,
  thread json,
  primary key (carrier, timeline, hash, mailbox)
);
create index inbound_mail_of_case on inbound_mail (case_id, contact);

comment on table inbound_mail is 'The mails of customers that intake has added to a case';
comment on column inbound_mail.hash is 'SHA-256 of the message id, or of the content if the mail has no message id';
comment on column inbound_mail.mailbox is 'The mailbox that received the mail: `intake`, or the id of the case or message in the address';
comment on column inbound_mail.contact is 'The number of the contact after the mail. The last mail of a case has the highest number';
comment on column inbound_mail.thread is 'Subject, message id and references, which continue the thread in outbound messages. Null: an automatic mail, which no message continues';
