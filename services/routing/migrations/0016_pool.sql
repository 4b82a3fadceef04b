-- Routing replaces a document, and keeps no versions. An assignment reads the document of its instant, and its events are the history.
create table pool (
  party text not null,
  name text not null,
  document json not null,
  changed_at timestamptz not null,
  primary key (party, name)
);

comment on table pool is 'The pools of all parties: groups of people inside a company, by the names of their rosters';
