-- Intake counts how often a symptom returns after its fix, if the line of the case counts it. The primary key contains all columns, so
-- that Postgres reads one range of one index for the count.
create table returned_symptom (
  timeline text collate "C" not null,
  carrier text not null,
  scope_key text not null,
  at timestamptz not null,
  case_id text collate "C" not null,
  sequence integer not null,
  primary key (timeline, carrier, scope_key, at, case_id, sequence)
);

comment on table returned_symptom is 'Symptoms that returned after their fix: a reopened case, or a new case of the same device or customer';
comment on column returned_symptom.sequence is 'The event of the case: its reopening, or 1 for the opening of a new case';
comment on column returned_symptom.scope_key is 'The scope of the problem that the symptom would open (scopeKey)';
