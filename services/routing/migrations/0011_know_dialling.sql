-- Which ways this installation dials, as notification published it: rosters and lines are warned of addresses that it never dials.
create table dialling (
  only_one boolean primary key default true check (only_one),
  mail boolean not null,
  private_addresses text not null check (private_addresses in ('refuse', 'allow'))
);
