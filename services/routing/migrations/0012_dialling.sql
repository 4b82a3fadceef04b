-- The table has at most one row. Routing warns about addresses in rosters and lines that this installation cannot use.
create table dialling (
  only_one boolean primary key default true check (only_one),
  mail boolean not null,
  private_addresses text not null check (private_addresses in ('refuse', 'allow'))
);

comment on table dialling is 'The contact methods that this installation can use, as notification published them last';
