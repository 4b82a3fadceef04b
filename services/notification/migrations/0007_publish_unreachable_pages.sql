-- Notification publishes on three topics now: results of deliveries and unreachable pages by case, the dialling rule by one key.
-- Each counts by itself.
alter table case_sequence rename to fact_sequence;
alter table fact_sequence rename column case_id to key;
alter table fact_sequence add column topic text not null default 'crossline.notification.v1';
alter table fact_sequence alter column topic drop default;
alter table fact_sequence drop constraint case_sequence_pkey;
alter table fact_sequence add constraint fact_sequence_pkey primary key (topic, key);

-- What this installation dials, as it was published last: it is published again only where it has changed.
create table dialling (
  only_one boolean primary key default true check (only_one),
  mail boolean not null,
  private_addresses text not null check (private_addresses in ('refuse', 'allow'))
);
