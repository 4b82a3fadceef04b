-- One row at most. Routing warns of addresses in rosters and lines that this installation never dials.
create table dialling (
  only_one boolean primary key default true check (only_one),
  mail boolean not null,
  private_addresses text not null check (private_addresses in ('refuse', 'allow'))
);

comment on table dialling is 'Which ways this installation dials, as notification published it last';
