-- The promises of all cases are few facts, so a list of promises reads them by this index.
create index fact_of_promise on fact (case_id)
  where type in ('promise.made', 'promise.delivered', 'promise.withdrawn');

-- No topic has the saved views, so a rebuild keeps them.
create table saved_view (
  saved_at timestamptz not null,
  party text collate "C" not null,
  name text collate "C" not null,
  query jsonb not null,
  primary key (party, name)
);
comment on table saved_view is 'The saved views of the companies, which all people of a company share';
comment on column saved_view.query is 'The parameters of the query of a board';
