-- The lines of the carriers, every version of them. Rows are only added: a case keeps the version it began with.
create table line (
  carrier text not null,
  name text not null,
  version integer not null,
  document json not null, -- json, not jsonb: it comes back as it was written
  created_at timestamptz not null,
  primary key (carrier, name, version)
);

-- What a case of a carrier gets that names no line. `sequence` is that of the record on the line topic.
create table line_default (
  carrier text primary key,
  name text not null,
  sequence bigint not null
);
