-- The state of an incident is one document, because each decision needs all members. The case of a member has its own copy of its part,
-- and no transaction locks both.
create table incident (
  id text primary key,
  timeline text collate "C" not null,
  carrier text not null,
  scope_key text,
  opened_at timestamptz not null,
  ended_at timestamptz,
  state jsonb not null
);

-- At most one incident of a scope is open, so that two tasks that detect the same alike cases open only one
create unique index incident_open on incident (carrier, timeline, scope_key) where ended_at is null;

-- Lists the incidents of a carrier, the newest first
create index incident_of_carrier on incident (carrier, timeline, opened_at desc, id);

comment on table incident is 'Incidents: alike cases of one carrier, of which only the lead case crosses';
comment on column incident.scope_key is 'The properties that alike cases share; null if later alike cases do not join';
comment on column incident.state is 'The state (IncidentState) with the lead, the members and the messages';
