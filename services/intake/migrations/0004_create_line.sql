-- What the line topic told, as far as intake needs it: which lines a carrier has, and which of them is its default.
create table line (
  carrier text not null,
  name text not null,
  version integer not null,
  mode text not null,
  primary key (carrier, name, version)
);

create table line_default (
  carrier text primary key,
  name text not null
);
