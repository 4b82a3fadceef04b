-- `state` contains all data of a change except the list of identities. A list of changes shows them newest first to each company in
-- `parties`. Most companies have few changes, so the index finds all changes of the company and PostgreSQL sorts them.
create table change (
  id text collate "C" primary key,
  timeline text collate "C" not null,
  announced_at timestamptz not null,
  parties text[] not null,
  awaiting text[] not null,
  state json not null
);
create index change_of_party on change using gin (parties);

comment on table change is 'Announced changes, with the state that the domain decides on (AnnouncedChange)';
comment on column change.parties is 'The company that announced the change, and the affected companies';
comment on column change.awaiting is 'The affected companies that have not confirmed the change; empty after its withdrawal';
