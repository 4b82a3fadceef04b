-- The table has only cases of lines with incidents, so that a search for alike cases reads no other case. A row can be outdated after a
-- correction, so the search also checks the state of the case.
create table incident_candidate (
  timeline text collate "C" not null,
  carrier text not null,
  scope_key text not null,
  opened_at timestamptz not null,
  case_id text not null,
  primary key (carrier, timeline, scope_key, opened_at, case_id)
);

comment on table incident_candidate is 'Cases that can become members of an incident, by the properties that alike cases share';
comment on column incident_candidate.scope_key is 'The properties that alike cases share';
