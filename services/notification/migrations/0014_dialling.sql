-- One row at most: the rule is published again only where it has changed.
create table dialling (
  only_one boolean primary key default true check (only_one),
  mail boolean not null,
  private_addresses text not null check (private_addresses in ('refuse', 'allow'))
);

comment on table dialling is 'Which ways this installation dials, as it was published last';
