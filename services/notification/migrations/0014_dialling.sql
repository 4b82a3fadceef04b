-- The table has at most one row. Notification publishes the dialling again only if it has changed.
create table dialling (
  only_one boolean primary key default true check (only_one),
  mail boolean not null,
  private_addresses text not null check (private_addresses in ('refuse', 'allow'))
);

comment on table dialling is 'The contact methods that this installation can use, as notification has last published them';
