-- The published lines, as the line topic tells them. A version never changes, so every process keeps them as it reads them.
create table line (
  carrier text not null,
  name text not null,
  version integer not null,
  document json not null,
  primary key (carrier, name, version)
);
